package identity

import (
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"sync/atomic"
	"time"

	"entrada/internal/entra"
	"entrada/internal/practice/directory"
	"entrada/internal/practice/faults"
)

func itoa(n int) string { return strconv.Itoa(n) }

// codeLife is the documented life of an authorization code.
const codeLife = time.Minute

// codeGrant is what an authorization code stands for.
type codeGrant struct {
	flow     *flow
	issued   time.Time
	redeemed atomic.Bool
}

// grant ends a sign-in with success: a code, or an approved device.
func (s *Server) grant(w http.ResponseWriter, r *http.Request, f *flow) {
	s.log(f, 0)
	if f.purpose == "device" {
		f.deviceGrant.approve(f)
		s.donePage(w, r, f)
		return
	}
	v := url.Values{}
	if slices.Contains(f.types, "code") {
		// About as long as real ones, so that nobody counts on short codes.
		code := "1.A" + directory.RandomText(640)
		// Kept after it expires: an expired code and an unknown one get other errors.
		s.codes.put(code, &codeGrant{flow: f, issued: s.Clock()}, 10*time.Minute)
		v.Set("code", code)
	}
	if slices.Contains(f.types, "id_token") {
		token, err := s.idToken(r, f)
		if err != nil {
			s.page(w, r, f, refuse(9002313))
			return
		}
		v.Set("id_token", token)
	}
	if slices.Contains(f.types, "token") {
		body, err := s.accessToken(r, f)
		if err != nil {
			s.page(w, r, f, refuse(9002313))
			return
		}
		v.Set("access_token", body.token)
		v.Set("token_type", "Bearer")
		v.Set("expires_in", itoa(body.life))
		v.Set("scope", body.scope)
	}
	v.Set("session_state", entra.NewGUID())
	s.answer(w, r, f, v)
}

// answer sends parameters to the redirect URI in the way asked for.
func (s *Server) answer(w http.ResponseWriter, r *http.Request, f *flow, v url.Values) {
	if f.state != "" {
		v.Set("state", f.state)
	}
	mode := f.mode
	if mode == "form_post" && s.Faults.Hit(faults.QueryNotFormPost) {
		mode = "query"
	}
	if mode == "form_post" {
		s.formPostPage(w, r, f.redirect, v)
		return
	}
	u, err := url.Parse(f.redirect)
	if err != nil {
		s.page(w, r, f, refuse(9002313))
		return
	}
	// Documented: without a path the answer comes with a trailing slash.
	if u.Path == "" {
		u.Path = "/"
	}
	if mode == "fragment" {
		u.Fragment = ""
		http.Redirect(w, r, u.String()+"#"+v.Encode(), http.StatusFound)
		return
	}
	q := u.Query()
	for name, values := range v {
		q[name] = values
	}
	u.RawQuery = q.Encode()
	http.Redirect(w, r, u.String(), http.StatusFound)
}
