package checks

import (
	"context"
	"errors"
	"fmt"
	"time"

	"entrada/internal/fault"
	"entrada/internal/graph"
)

// cleanUpTime is how long the clean-up may take after the test was cancelled.
const cleanUpTime = 15 * time.Second

// cleanUp is a context for the clean-up, which a cancelled test still does.
func cleanUp(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.WithoutCancel(ctx), cleanUpTime)
}

// trial is one thing to create, read back and delete.
type trial struct {
	kind    Kind
	subject string
	at      time.Time

	create func(context.Context) (id string, err error)
	read   func(ctx context.Context, id string) (same bool, err error)
	remove func(ctx context.Context, id string) error
}

// tryOut runs a trial. Whatever happens, it deletes what it created, or leaves it in the
// journal.
func (m mailbox) tryOut(ctx context.Context, t trial) (string, error) {
	left := m.leftover(t.kind, t.subject, t.at)
	// Note it before it exists, so that a crash in between leaves a trace.
	if err := m.journal.Add(left); err != nil {
		return "", err
	}
	defer m.journal.hold(left)()
	id, err := t.create(ctx)
	if err != nil {
		if graph.ChangedNothing(err) {
			return "", errors.Join(err, m.journal.Remove(left))
		}
		// It may have been created all the same: look for it by its subject.
		clean, cancel := cleanUp(ctx)
		defer cancel()
		if answered(err) {
			left.Made = time.Time{} // it cannot appear later
		}
		_, cleanErr := m.journal.takeAway(clean, m.client(), left, m.now())
		return "", errors.Join(err, cleanErr)
	}
	same, readErr := t.read(ctx, id)
	if readErr == nil && !same {
		readErr = &fault.Error{Kind: fault.BadAnswer, Op: "read the " + t.kind.Name(),
			Detail: "the " + t.kind.Name() + " came back changed"}
	}
	clean, cancel := cleanUp(ctx)
	defer cancel()
	if err := t.remove(clean, id); err != nil {
		return "", stayed(left, err)
	}
	if err := m.journal.Remove(left); err != nil {
		return "", err
	}
	return "created, read and deleted again", readErr
}

func (m mailbox) leftover(kind Kind, subject string, at time.Time) Leftover {
	l := m.left
	l.Kind, l.Subject, l.Start, l.Made = kind, subject, at, m.now().UTC()
	return l
}

// answered reports whether a failed request got an answer. Then it cannot still run.
func answered(err error) bool {
	var f *fault.Error
	return errors.As(err, &f) && f.Status != 0
}

// stayed is the fault for an object that could not be deleted.
func stayed(l Leftover, err error) error {
	f := &fault.Error{Kind: fault.LeftBehind, Op: "delete the " + l.Kind.Name(), Subject: l.Subject,
		Code: fault.CodeOf(err), Err: err}
	var cause *fault.Error
	if errors.As(err, &cause) {
		f.Status, f.RequestID, f.TraceID, f.When = cause.Status, cause.RequestID, cause.TraceID, cause.When
	}
	return f
}

// usualArrival are the pauses between looks for the mail: most mails to oneself
// are there within three seconds.
var usualArrival = []time.Duration{500 * time.Millisecond, time.Second, 1500 * time.Millisecond, 2 * time.Second,
	3 * time.Second}

// mail sends a mail from the mailbox. If it may read mail, it waits for the arrival. If it
// may delete mail, it deletes the mail again.
func (m mailbox) mail(ctx context.Context, mayRead, mayDelete bool) (string, error) {
	client, subject, to := m.client(), Subject(m.runID), m.to()
	left := m.leftover(KindMail, subject, m.now().UTC())
	if mayDelete {
		if err := m.journal.Add(left); err != nil {
			return "", err
		}
		defer m.journal.hold(left)()
	}
	text := fmt.Sprintf(
		"This mail was sent by Entrada to test the connection for %s.\n\nIt shows that mail can be sent. You can "+
			"delete it.\n", m.vendor)
	sendErr := client.SendMail(ctx, m.at, to, subject, text)
	if sendErr != nil && graph.ChangedNothing(sendErr) {
		if mayDelete {
			sendErr = errors.Join(sendErr, m.journal.Remove(left))
		}
		return "", sendErr
	}
	if !mayRead {
		return "“" + subject + "” is on its way to " + to, sendErr
	}
	found, waited, lookErr := m.await(ctx, client, subject)
	clean, cancel := cleanUp(ctx)
	defer cancel()
	if ctx.Err() != nil && mayDelete {
		_, err := m.journal.takeAway(clean, client, left, m.now())
		return "", errors.Join(fault.New(fault.KindOf(ctx.Err()), "wait for the mail", ctx.Err()), err)
	}
	if len(found) > 0 && mayDelete {
		for _, message := range found {
			if err := client.DeleteMessage(clean, m.at, message.ID); err != nil {
				return "", stayed(left, err)
			}
		}
		if err := m.journal.Remove(left); err != nil {
			return "", err
		}
	}
	detail := "“" + subject + "” "
	if sendErr != nil {
		detail = "the connection broke, but “" + subject + "” "
	}
	switch {
	case len(found) > 0 && mayDelete:
		return detail + "arrived, and was deleted again", nil
	case len(found) > 0:
		return detail + "arrived at " + to, nil
	case sendErr != nil:
		return "", sendErr
	case ctx.Err() != nil:
		return "", fault.New(fault.KindOf(ctx.Err()), "wait for the mail", ctx.Err())
	case lookErr != nil:
		// Reading has a check of its own, which says why.
		return detail + "is on its way to " + to + "; whether it arrived could not be looked up", nil
	default:
		return detail +
			fmt.Sprintf("is on its way to %s; it had not arrived after %d seconds", to, int(waited.Seconds())), nil
	}
}

// await looks for a mail by its subject, for a few seconds.
func (m mailbox) await(ctx context.Context, client *graph.Client, subject string) (
	found []graph.Message, waited time.Duration, err error) {
	pauses := m.arrival
	if pauses == nil {
		pauses = usualArrival
	}
	for i := 0; ; i++ {
		found, err = client.MessagesWithSubject(ctx, m.at, subject)
		if err != nil || len(found) > 0 || i == len(pauses) {
			return found, waited, err
		}
		timer := time.NewTimer(pauses[i])
		select {
		case <-ctx.Done():
			timer.Stop()
			return nil, waited, fault.New(fault.KindOf(ctx.Err()), "wait for the mail", ctx.Err())
		case <-timer.C:
			waited += pauses[i]
		}
	}
}
