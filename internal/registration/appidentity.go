package registration

import (
	"net/url"
	"slices"
	"strings"
	"time"

	"entrada/internal/entra"
	"entrada/internal/guides"
	"entrada/internal/words"
)

// ExistingApp is an app as it was when the plan was made. A file or a guide may
// have another name for it.
type ExistingApp struct {
	Name      string
	ClientID  string
	Created   time.Time
	Addresses []string // its redirect URIs, each with its platform
	Others    []Item   // how somebody else could sign in as it, or change it
	ours      bool     // a run of Entrada on this computer has made it
}

// existingApp describes the app. It trusts nothing: it leaves out only those secrets
// that this computer knows.
func (e *Engine) existingApp(w Wanted, actual Actual) *ExistingApp {
	a, c := actual.App.Value, comparison{w: w, a: actual, now: e.now(), trustNothing: true}
	s := &ExistingApp{ours: actual.local.made, Name: cleanName(a.DisplayName), ClientID: a.ClientID, Created: a.Created}
	for _, r := range registeredURIs(a) {
		s.Addresses = append(s.Addresses, cleanName(r.uri)+" ("+r.platform+")")
	}
	for _, w := range c.accessPaths(a) {
		s.Others = append(s.Others, w.Item)
	}
	if names, _ := c.unread(); len(names) > 0 {
		s.Others = append(
			s.Others, Item{"Not known", CouldNotCheck,
				words.UpperFirst(words.List(names)) + " could not be looked up."})
	}
	return s
}

// cleanName is a text that somebody else chose, without invisible characters and marks
// of layout.
func cleanName(s string) string {
	const most = 256
	clean, _ := entra.CleanPaste("x" + words.OneLine(s) + "x")
	clean = words.OneLine(strings.ReplaceAll(clean[1:len(clean)-1], "**", "*"))
	if clean == "" {
		return "(no name)"
	}
	return words.Shorten(clean, most)
}

// Facts tell one app from another that has a similar name.
func (s ExistingApp) Facts() []string {
	facts := []string{"Client ID: " + s.ClientID}
	if !s.Created.IsZero() {
		facts = append(facts, "Created on "+s.Created.Local().Format(words.Date))
	}
	if len(s.Addresses) == 0 {
		return append(facts, "It has no sign-in addresses yet.")
	}
	return append(facts, "Its sign-in addresses now: "+strings.Join(s.Addresses, ", "))
}

// AppName is the name of the existing app, or of the new one.
func (p Plan) AppName() string {
	if p.Existing != nil {
		return p.Existing.Name
	}
	return p.Wanted.AppName
}

// Misnamed reports whether the existing app has another name than the request says.
// Then the request may mean another app.
func (p Plan) Misnamed() bool {
	return p.Existing != nil && !strings.EqualFold(p.Existing.Name, cleanName(p.Wanted.AppName))
}

// MisnamedWords says what it means that a plan is [Plan.Misnamed].
func (p Plan) MisnamedWords() string {
	return "The request calls it “" + cleanName(p.Wanted.AppName) +
		"”. In your organisation the app with this client ID is called “" + p.AppName() +
		"”. If you go on, “" + p.AppName() +
		"” is changed. Ask whoever sent the request, and go on only if this is the app that is meant."
}

// AdoptWarning warns of using an app that is [ExistingApp.NotOurs] and that others can use
// as well.
func (s ExistingApp) AdoptWarning() string {
	return "Entrada on this computer has not made “" + s.Name +
		"”; somebody else has, and in most organisations everybody may register an app and give it any name. " +
		"Use it only if you know whose it is. Otherwise make another one."
}

// What is said of each app that has the wanted name.
const (
	OursWords    = "Entrada on this computer made it."
	NotOursWords = "Somebody registered it; Entrada on this computer did not. If you choose it, you first see who " +
		"else could use it."
)

// First is the app to propose: one that Entrada made here, or -1 to propose a new one.
func (c Choice) First() int {
	return slices.IndexFunc(c.Same, func(s SameName) bool { return s.Ours })
}

// UnknownHosts lists the servers in the wanted sign-in addresses that the vendor's
// built-in guide does not name. In a request from somebody else, nobody has checked
// them yet.
func (w Wanted) UnknownHosts() []string {
	var hosts []string
	for _, r := range w.Redirects {
		host := hostOf(r.URI)
		if !isLoopback(host) && !slices.Contains(builtInHosts(w.GuideID), host) && !slices.Contains(hosts, host) {
			hosts = append(hosts, host)
		}
	}
	return hosts
}

// builtInHosts are the servers that the document behind a built-in guide names.
func builtInHosts(guideID string) (hosts []string) {
	g := guides.ByID(guideID)
	if g == nil {
		return nil
	}
	for _, r := range g.Redirects {
		hosts = append(hosts, hostOf(r.URL))
	}
	for _, in := range g.Inputs {
		if in.Kind == guides.InputRedirectURL {
			hosts = append(hosts, hostOf(in.Default))
		}
	}
	return hosts
}

// hostOf is the server in an address, or the address itself if it names none.
func hostOf(uri string) string {
	u, err := url.Parse(uri)
	if err != nil || u.Hostname() == "" {
		return uri
	}
	return strings.ToLower(u.Hostname())
}

// isLoopback reports whether a sign-in comes back to the computer where it began.
func isLoopback(host string) bool {
	return host == "localhost" || host == "127.0.0.1" || host == "::1"
}

// HostWarning says what a server among [Wanted.UnknownHosts] could do.
func HostWarning(host string) string {
	return "This address comes from the request, not from a document that Entrada knows: " + host +
		". Whoever runs that server could act for everybody who signs in through it. Ask whoever sent the request " +
		"whether it belongs to the vendor."
}
