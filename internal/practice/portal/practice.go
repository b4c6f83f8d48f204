package portal

import (
	"encoding/json"
	"net/http"
	"slices"
	"strings"

	"entrada/internal/practice/directory"
	"entrada/internal/practice/faults"
	"entrada/internal/practice/mailboxes"
)

// boxView is what the Mailboxes page shows of one mailbox.
type boxView struct {
	User                   *directory.User
	Inbox, Sent, Rest      []mailboxes.Item
	Events, Gone, Contacts []mailboxes.Item
}

// Empty reports whether nothing ever happened in the mailbox.
func (b boxView) Empty() bool {
	return len(b.Inbox)+len(b.Sent)+len(b.Rest)+len(b.Events)+len(b.Gone)+len(b.Contacts) == 0
}

func (s *Server) mailboxesPage(w http.ResponseWriter, r *http.Request) {
	t, ok := s.Directory.TenantNamed(r.URL.Query().Get("tenant"))
	if !ok {
		t = s.Directory.Tenants()[0]
	}
	var boxes []boxView
	for _, u := range s.Directory.Users(t.ID) {
		if u.Mailbox == directory.MailboxNone || u.Mailbox == directory.MailboxOnPremises {
			continue
		}
		b := boxView{User: u, Events: s.Mail.List(u.ID, mailboxes.Events),
			Contacts: s.Mail.List(u.ID, mailboxes.Contacts)}
		for _, m := range s.Mail.List(u.ID, mailboxes.Messages) {
			switch m.Text("parentFolderId") {
			case mailboxes.Inbox:
				b.Inbox = append(b.Inbox, m)
			case mailboxes.Sent:
				b.Sent = append(b.Sent, m)
			default:
				b.Rest = append(b.Rest, m)
			}
		}
		b.Gone = slices.Concat(
			s.Mail.Removed(u.ID, mailboxes.Events), s.Mail.Removed(u.ID, mailboxes.Messages),
			s.Mail.Removed(u.ID, mailboxes.Contacts))
		boxes = append(boxes, b)
	}
	s.show(w, http.StatusOK, "mailboxes",
		page{Title: "Mailboxes", Tenant: t, User: s.account(r),
			Data: map[string]any{"Boxes": boxes, "Tenants": s.Directory.Tenants()}})
}

func (s *Server) statePage(w http.ResponseWriter, _ *http.Request) {
	w.Header().Set("Content-Type", "application/json; charset=utf-8")
	_ = json.NewEncoder(w).Encode(s.Control.State())
}

type faultView struct {
	faults.Fault
	On    bool
	Value string
}

func (s *Server) faultsPage(w http.ResponseWriter, r *http.Request) {
	if strings.HasPrefix(r.Header.Get("Accept"), "application/json") {
		w.Header().Set("Content-Type", "application/json; charset=utf-8")
		_ = json.NewEncoder(w).Encode(map[string]any{"faults": s.Control.Table(), "active": s.Control.Active()})
		return
	}
	s.faultsForm(w, http.StatusOK, "")
}

func (s *Server) faultsForm(w http.ResponseWriter, status int, problem string) {
	var list []faultView
	for _, f := range s.Control.Table() {
		v, on := s.Control.Value(f.Name)
		if !on {
			v = f.Default
		}
		list = append(list, faultView{f, on, v})
	}
	s.show(w, status, "faults",
		page{Title: "Faults", Error: problem, Data: map[string]any{"Faults": list, "Active": s.Control.Active()}})
}

// setFault takes name, value, times and on from a form. Name may also be a
// whole specification such as throttle-seconds=2*3.
func (s *Server) setFault(w http.ResponseWriter, r *http.Request) {
	spec := strings.TrimSpace(r.PostFormValue("name"))
	if v := strings.TrimSpace(r.PostFormValue("value")); v != "" {
		spec += "=" + v
	}
	if n := strings.TrimSpace(r.PostFormValue("times")); n != "" {
		spec += "*" + n
	}
	on := r.PostFormValue("on")
	if err := s.Control.Set(spec, on != "false" && on != "off" && on != "0"); err != nil {
		s.faultsForm(w, http.StatusBadRequest, err.Error())
		return
	}
	http.Redirect(w, r, "/_practice/faults", http.StatusSeeOther)
}
