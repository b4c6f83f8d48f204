package registration

import (
	"cmp"
	"context"
	"fmt"
	"net/http"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"time"

	"entrada/internal/fault"
	"entrada/internal/graph"
	"entrada/internal/secret"
	"entrada/internal/words"
)

// Refusals by an application management policy
// (learn.microsoft.com/entra/identity/enterprise-apps/configure-app-management-policies).
const (
	codeTooLong = "CredentialInvalidLifetimeAsPerAppPolicy"
)

// secretName marks a secret with its run. So Entrada recognises a secret whose value
// was lost, and touches no other.
func secretName(description, runID string) string {
	return strings.TrimSpace(description + " (Entrada " + runID + ")")
}

func marked(list []graph.Password, name string) []graph.Password {
	return slices.DeleteFunc(slices.Clone(list), func(s graph.Password) bool { return s.DisplayName != name })
}

// secretMaker makes one secret for an app, and only one.
type secretMaker struct {
	e       *Engine
	app     graph.Application
	name    string
	months  int
	waiting func(time.Duration)
	notes   []string
}

func (r *run) addSecret(ctx context.Context, entry *Entry, again bool) error {
	var password graph.Password
	var value secret.Value
	var notes []string
	var err error
	if r.pending != nil {
		password, value, notes, err = r.awaitSecret()
	} else {
		password, value, notes, err = r.secretNow(ctx, again)
	}
	r.result.Notes = append(r.result.Notes, notes...)
	if err != nil {
		return err
	}
	r.result.Secret, r.result.SecretID, r.result.SecretEnd = value, password.KeyID, password.End
	entry.ID = password.KeyID
	return r.j.done(entry, true)
}

// secretNow makes the secret, in place of one whose value is lost.
func (r *run) secretNow(ctx context.Context, again bool) (p graph.Password, v secret.Value, notes []string, err error) {
	a, err := r.snapshot(ctx)
	if err != nil {
		return p, v, nil, err
	}
	m := r.secretMaker(a)
	if again {
		if err := m.sweep(ctx); err != nil {
			return p, v, nil, err
		}
	}
	p, v, err = m.make(ctx)
	return p, v, m.notes, err
}

func (r *run) secretMaker(a graph.Application) secretMaker {
	return secretMaker{e: r.e, app: a, name: secretName(r.w.Secret.Description, r.j.Plan.RunID),
		months: r.w.Secret.Months, waiting: r.waiting}
}

// sweep removes the secrets of this run, whose values are lost.
func (m *secretMaker) sweep(ctx context.Context) error {
	fresh, err := m.e.Graph.ApplicationByClientID(ctx, m.app.ClientID)
	if err != nil {
		return err
	}
	m.app = fresh
	for _, s := range marked(fresh.Secrets, m.name) {
		if err := m.e.removeSecret(ctx, m.app, s.KeyID); err != nil {
			return err
		}
		m.forget(s.KeyID)
	}
	return nil
}

func (m *secretMaker) forget(keyID string) {
	m.app.Secrets = slices.DeleteFunc(
		slices.Clone(m.app.Secrets), func(s graph.Password) bool { return s.KeyID == keyID })
}

// removeSecret takes a secret away; one that is gone already is no error.
func (e *Engine) removeSecret(ctx context.Context, a graph.Application, keyID string) error {
	err := e.Graph.RemovePassword(ctx, a.ID, keyID)
	if err == nil || isStatus(err, http.StatusNotFound) {
		return nil
	}
	if isStatus(err, http.StatusBadRequest) {
		// Graph has no code of its own for "there is no such secret".
		fresh, failed := e.Graph.ApplicationByClientID(ctx, a.ClientID)
		if failed == nil && !hasKey(fresh.Secrets, keyID) {
			return nil
		}
	}
	return err
}

// make adds the secret. A lost answer may have left a secret: it is removed before the
// next try.
func (m *secretMaker) make(ctx context.Context) (graph.Password, secret.Value, error) {
	if err := m.makeRoom(ctx); err != nil {
		return graph.Password{}, secret.Value{}, err
	}
	const tries = 3
	for try := 1; ; try++ {
		password, value, err := m.withinPolicy(ctx)
		if err == nil || !outcomeUnknown(err) || ctx.Err() != nil || try == tries {
			return password, value, err
		}
		pause := time.Duration(try) * 2 * time.Second
		if m.waiting != nil {
			m.waiting(pause)
		}
		if err := m.e.wait(ctx, pause); err != nil {
			return graph.Password{}, secret.Value{}, fault.New(fault.KindOf(err), "create the client secret", err)
		}
		if err := m.sweep(ctx); err != nil {
			return graph.Password{}, secret.Value{}, err
		}
	}
}

// makeRoom removes expired secrets so that one more fits. An app that accepts personal
// accounts has two at most
// (learn.microsoft.com/entra/identity-platform/supported-accounts-validation).
// A secret that may be in use stays.
func (m *secretMaker) makeRoom(ctx context.Context) error {
	if !strings.Contains(m.app.SignInAudience, "Personal") {
		return nil
	}
	for _, s := range slices.Clone(m.app.Secrets) {
		if len(m.app.Secrets) < 2 {
			return nil
		}
		if s.End.After(m.e.now()) {
			continue
		}
		if err := m.e.removeSecret(ctx, m.app, s.KeyID); err != nil {
			return err
		}
		m.forget(s.KeyID)
		m.notes = append(
			m.notes, fmt.Sprintf(
				"The secret “%s”, which had expired on %s, was removed to make room: this app can have two.",
				cmp.Or(s.DisplayName, s.Hint+"…"), s.End.Format(words.Date)))
	}
	if len(m.app.Secrets) < 2 {
		return nil
	}
	return &fault.Error{Kind: fault.TooManySecrets, Op: "create the client secret", Subject: m.app.DisplayName,
		Detail: "An app that accepts personal accounts can have two client secrets, and this one has two that are " +
			"valid. Delete the one that nobody uses, under Certificates & secrets, and try again."}
}

// withinPolicy adds the secret for as long as was asked, or else for as long as
// the organisation allows, and says so.
func (m *secretMaker) withinPolicy(ctx context.Context) (graph.Password, secret.Value, error) {
	now := m.e.now()
	password, value, err := m.add(ctx, now.AddDate(0, m.months, 0))
	if fault.CodeOf(err) != codeTooLong {
		return password, value, err
	}
	asked := now.AddDate(0, m.months, 0)
	for _, days := range m.shorter(ctx) {
		end := now.Add(time.Duration(days)*24*time.Hour - time.Hour) // an hour of tolerance for clocks
		if !end.Before(asked) {
			continue
		}
		password, value, err = m.add(ctx, end)
		if err == nil {
			m.notes = append(
				m.notes, fmt.Sprintf("Your organisation does not allow secrets of %s. This one lasts %s, until %s.",
					words.Count(m.months, "month", "months"), words.Count(days, "day", "days"),
					password.End.Format(words.Date)))
		}
		if fault.CodeOf(err) != codeTooLong {
			return password, value, err
		}
	}
	return password, value, err
}

// shorter lists lifetimes to try, in days: what the policy says, if it may be
// read, and the portal's own choices.
func (m *secretMaker) shorter(ctx context.Context) []int {
	days := []int{365, 180, 90, 30, 7}
	rules, err := m.e.Graph.SecretRules(ctx)
	if err != nil {
		return days
	}
	longest := 0
	for _, r := range rules {
		if n, ok := isoDays(r.MaxLifetime); ok && r.Type == "passwordLifetime" && r.State == "enabled" &&
			(longest == 0 || n < longest) {
			longest = n
		}
	}
	if longest == 0 {
		return days // the app has a policy of its own
	}
	return append([]int{longest}, slices.DeleteFunc(days, func(d int) bool { return d >= longest })...)
}

func (m *secretMaker) add(ctx context.Context, end time.Time) (p graph.Password, v secret.Value, err error) {
	err = m.e.awaitReplication(ctx, m.waiting, func() error {
		p, v, err = m.e.Graph.AddPassword(ctx, m.app.ID, m.name, end)
		return err
	})
	return p, v, err
}

var isoPattern = regexp.MustCompile(`^P(?:(\d{1,4})Y)?(?:(\d{1,4})M)?(?:(\d{1,4})W)?(?:(\d{1,5})D)?(?:T.*)?$`)

// isoDays reads a duration such as P90D or P6M, rounded down to days.
func isoDays(text string) (days int, ok bool) {
	parts := isoPattern.FindStringSubmatch(text)
	if parts == nil {
		return 0, false
	}
	for i, each := range []int{365, 30, 7, 1} {
		n, _ := strconv.Atoi(parts[i+1])
		days += n * each
	}
	return days, days > 0
}
