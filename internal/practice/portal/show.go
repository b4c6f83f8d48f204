package portal

import (
	"crypto/rand"
	"embed"
	"encoding/base64"
	"errors"
	"html/template"
	"net/http"

	"entrada/internal/practice/directory"
)

//go:embed templates
var files embed.FS

var templates = template.Must(template.ParseFS(files, "templates/*.html"))

// page is what the templates get.
type page struct {
	Title  string
	Tenant directory.Tenant
	User   *directory.User
	App    *directory.Application
	Menu   string // which entry of the app's menu is current
	Base   string // address of the app's pages
	Can    bool   // may the person change the registration?
	Error  string
	Notice string
	Nonce  string
	Data   map[string]any
}

// page fills in what every page of a visit shares.
func (v *visit) fill(p page) page {
	p.Tenant, p.User, p.App = v.tenant, v.user, v.app
	if v.app != nil {
		p.Base, p.Can = v.at("/"+v.app.AppID), v.mayChange()
	} else {
		p.Base = v.at("")
	}
	if p.Data == nil {
		p.Data = map[string]any{}
	}
	return p
}

func (s *Server) show(w http.ResponseWriter, status int, name string, p page) {
	var b [16]byte
	_, _ = rand.Read(b[:])
	p.Nonce = base64.RawStdEncoding.EncodeToString(b[:])
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	w.Header().Set(
		"Content-Security-Policy",
		"default-src 'none'; style-src 'unsafe-inline'; img-src data:; script-src 'nonce-"+p.Nonce+
			"'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'")
	w.WriteHeader(status)
	_ = templates.ExecuteTemplate(w, name, p)
}

func (s *Server) problem(w http.ResponseWriter, status int, title, text string) {
	s.show(w, status, "problem", page{Title: title, Error: text})
}

// message is the sentence of a refusal by the directory.
func message(err error) string {
	if refused, ok := errors.AsType[*directory.Error](err); ok {
		return refused.Message
	}
	return err.Error()
}

// done goes back to a page after a change, so that a reload repeats nothing.
func (v *visit) done(to string) { http.Redirect(v.w, v.r, to, http.StatusSeeOther) }
