package portal

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"entrada/internal/entra"
)

// expiries are the choices of "Expires"; there is no "Never" any more, and
// custom dates end at 24 months:
// learn.microsoft.com/entra/identity-platform/how-to-add-credentials.
var expiries = []option{
	{"180", "Recommended: 180 days (6 months)"}, {"90", "90 days (3 months)"}, {"365", "365 days (12 months)"},
	{"545", "545 days (18 months)"}, {"730", "730 days (24 months)"}, {"custom", "Custom"},
}

// secretRow is one line of the table. Value is the secret only on the page that
// follows its making.
type secretRow struct {
	KeyID, Description, Expires, Value string
	Fresh                              bool
}

func (s *Server) secretsPage(v *visit) {
	// Taken out, so that a reload shows the mask.
	s.mu.Lock()
	shown := s.shown[v.r.URL.Query().Get("shown")]
	delete(s.shown, v.r.URL.Query().Get("shown"))
	s.mu.Unlock()
	s.secrets(v, http.StatusOK, v.r.URL.Query().Get("pane"), "", shown)
}

func (s *Server) secrets(v *visit, status int, pane, problem string, shown fresh) {
	var rows []secretRow
	for _, c := range v.app.PasswordCredentials {
		row := secretRow{KeyID: c.KeyID, Expires: c.EndDateTime.Format("1/2/2006"),
			Value: c.Hint + strings.Repeat("*", 18)}
		if c.DisplayName != nil {
			row.Description = *c.DisplayName
		}
		if shown.KeyID == c.KeyID {
			row.Value, row.Fresh = shown.Value, true
		}
		rows = append(rows, row)
	}
	now := s.Directory.Now()
	s.show(v.w, status, "secrets",
		v.fill(page{Title: v.app.DisplayName + " | Certificates & secrets", Menu: "secrets", Data: map[string]any{
			"Rows": rows, "Pane": pane, "Problem": problem, "Expiries": expiries,
			"Description": v.r.PostFormValue("description"),
			"Expiry":      v.r.PostFormValue("expires"), "Custom": v.r.PostFormValue("customEnd"),
			"Tomorrow": now.AddDate(0, 0, 1).Format(time.DateOnly),
			"Latest":   now.AddDate(2, 0, 0).Format(time.DateOnly),
		}}))
}

func (s *Server) addSecret(v *visit) {
	again := func(what string) { s.secrets(v, http.StatusBadRequest, "new", what, fresh{}) }
	now := s.Directory.Now()
	var end time.Time
	if v.r.PostFormValue("expires") == "custom" {
		day, err := time.Parse(time.DateOnly, v.r.PostFormValue("customEnd"))
		if err != nil {
			again("Enter an end date.")
			return
		}
		end = day
	} else {
		days, err := strconv.Atoi(v.r.PostFormValue("expires"))
		if err != nil {
			again("Select when the secret expires.")
			return
		}
		end = now.AddDate(0, 0, days)
	}
	switch {
	case !end.After(now):
		again("The end date must be in the future.")
		return
	case end.After(now.AddDate(2, 0, 0)):
		again("Client secret lifetime is limited to two years (24 months) or less. You can't specify a custom " +
			"lifetime longer than 24 months.")
		return
	}
	var name *string
	if d := strings.TrimSpace(v.r.PostFormValue("description")); d != "" {
		name = &d
	}
	secret, err := s.Directory.AddSecret(v.app.AppID, name, now, end)
	if err != nil {
		again(message(err))
		return
	}
	id := entra.NewGUID()
	s.mu.Lock()
	s.shown[id] = fresh{secret.KeyID, *secret.SecretText}
	s.mu.Unlock()
	v.done(v.page("secrets?shown=" + id))
}

func (s *Server) removeSecret(v *visit) {
	if err := s.Directory.RemoveSecret(v.app.AppID, v.r.PostFormValue("keyId")); err != nil {
		s.secrets(v, http.StatusBadRequest, "", message(err), fresh{})
		return
	}
	v.done(v.page("secrets"))
}
