package registration

import (
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"entrada/internal/graph"
	"entrada/internal/guides"
)

// URIDiff says how a redirect URI that is registered differs from one that is
// wanted. Microsoft compares them character by character, capitals included
// (learn.microsoft.com/entra/identity-platform/reply-url).
type URIDiff struct {
	Want, Have string
	Platform   string // where Have is registered, in the portal's words
	At         int    // bytes that both have in common; the first difference comes after
	Sentence   string
}

const (
	platformWeb    = "Web"
	platformSPA    = "Single-page application"
	platformNative = "Mobile and desktop applications"
)

type registered struct{ uri, platform string }

// registeredURIs lists all redirect URIs of an app.
func registeredURIs(a graph.Application) []registered {
	var list []registered
	for _, p := range []struct {
		name string
		uris []string
	}{{platformWeb, a.Web.RedirectURIs}, {platformSPA, a.SPA.RedirectURIs},
		{platformNative, a.PublicClient.RedirectURIs}} {
		for _, uri := range p.uris {
			list = append(list, registered{uri, p.name})
		}
	}
	return list
}

// acceptsURI reports whether a registered URI lets in the wanted one. For
// localhost, and there alone, Microsoft ignores the port.
func acceptsURI(have, want string) bool {
	if have == want {
		return true
	}
	h, err1 := url.Parse(have)
	w, err2 := url.Parse(want)
	if err1 != nil || err2 != nil || h.Hostname() != "localhost" || w.Hostname() != "localhost" {
		return false
	}
	h.Host, w.Host = "localhost", "localhost"
	return h.String() == w.String()
}

// CompareURI says in one sentence how two addresses differ. ok is false if they have
// little in common: then it is probably no mistake.
func CompareURI(want, have, platform string) (d URIDiff, ok bool) {
	d = URIDiff{Want: want, Have: have, Platform: platform}
	for d.At < len(want) && d.At < len(have) && want[d.At] == have[d.At] {
		d.At++
	}
	if want == have {
		d.Sentence = "The address is right, but it is registered under " + platform + ". It has to be under " +
			platformWeb + "."
		return d, platform != platformWeb
	}
	w, err1 := url.Parse(want)
	h, err2 := url.Parse(have)
	if err1 != nil || err2 != nil {
		return d, false
	}
	differ := "It differs in "
	switch {
	case strings.EqualFold(want, have):
		d.Sentence = differ + "capital and small letters."
	case strings.TrimSuffix(want, "/") == strings.TrimSuffix(have, "/"):
		if d.Sentence = "A slash at the end is too much."; len(want) > len(have) {
			d.Sentence = "The slash at the end is missing."
		}
	case w.Host == h.Host && w.RequestURI() == h.RequestURI():
		d.Sentence = fmt.Sprintf("It begins with %s:// instead of %s://.", h.Scheme, w.Scheme)
	case w.Hostname() == h.Hostname() && w.Path == h.Path && w.Port() != h.Port():
		d.Sentence = differ + "the port, the number after the colon."
	case w.Host == h.Host && w.Path == h.Path:
		d.Sentence = differ + "what comes after the question mark."
	case w.Host == h.Host:
		d.Sentence = differ + "the part after " + w.Host + ": the registered address goes on with “" +
			rest(have, d.At) + "”, the wanted one with “" + rest(want, d.At) + "”."
	case w.RequestURI() == h.RequestURI() && w.Path != "" && w.Path != "/":
		d.Sentence = differ + "the name of the server."
	default:
		return d, false
	}
	if platform != platformWeb {
		d.Sentence += " It is also under " + platform + " instead of " + platformWeb + "."
	}
	return d, true
}

// rest is what follows the common part, cut to fit a line.
func rest(uri string, at int) string {
	const most = 24
	r := []rune(strings.ToValidUTF8(uri[at:], ""))
	switch {
	case len(r) == 0:
		return "nothing"
	case len(r) > most:
		return string(r[:most]) + "…"
	}
	return string(r)
}

// nearest finds the registered address that is probably a misspelt wanted one.
func nearest(want string, list []registered) (URIDiff, bool) {
	var diffs []URIDiff
	for _, r := range list {
		if d, ok := CompareURI(want, r.uri, r.platform); ok {
			diffs = append(diffs, d)
		}
	}
	if len(diffs) == 0 {
		return URIDiff{}, false
	}
	return slices.MaxFunc(diffs, func(a, b URIDiff) int { return a.At - b.At }), true
}

// RemoveTestRedirect removes the redirect URI of Entrada's own test, unless the vendor
// needs it too. changed is false if it was not there.
func (e *Engine) RemoveTestRedirect(ctx context.Context, w Wanted, clientID string) (changed bool, err error) {
	if slices.ContainsFunc(w.Redirects, func(r Redirect) bool { return r.URI == guides.TestRedirect && !r.Test }) {
		return false, nil
	}
	a, err := e.Graph.ApplicationByClientID(ctx, clientID)
	if err != nil {
		return false, err
	}
	left := slices.DeleteFunc(
		slices.Clone(a.Web.RedirectURIs), func(uri string) bool { return uri == guides.TestRedirect })
	if len(left) == len(a.Web.RedirectURIs) {
		return false, nil
	}
	return true,
		e.Graph.UpdateApplication(ctx, a.ID, graph.ApplicationChange{Web: &graph.WebChange{RedirectURIs: &left}})
}
