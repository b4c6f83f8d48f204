package identity

import (
	"net/http"
	"strings"
	"sync"
	"time"

	"entrada/internal/practice/directory"
)

const deviceLife = 15 * time.Minute

// deviceGrant is one device code that waits for its approval.
type deviceGrant struct {
	app      *directory.Application
	a        authority
	raw      string
	userCode string
	issued   time.Time

	mu   sync.Mutex
	flow *flow // once approved
	used bool
}

func (g *deviceGrant) approve(f *flow) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.flow = f
}

func (s *Server) deviceCode(w http.ResponseWriter, r *http.Request) {
	a, no := s.authority(r)
	if no != nil {
		s.fail(w, r, no)
		return
	}
	app, no := s.client(a, r.PostFormValue("client_id"))
	if no == nil {
		f := &flow{authority: a, app: app}
		_, no = s.scopes(r, s.tenantFor(f), app, r.PostFormValue("scope"))
	}
	if no != nil {
		s.fail(w, r, no)
		return
	}
	g := &deviceGrant{app: app, a: a, raw: r.PostFormValue("scope"), userCode: userCode(), issued: s.Clock()}
	code := directory.RandomText(160)
	s.devices.put(code, g, 2*deviceLife) // kept after it expires: it gets another error than an unknown code
	where := base(r) + "/common/oauth2/deviceauth"
	sendJSON(w, http.StatusOK, map[string]any{
		"user_code": g.userCode, "device_code": code, "verification_uri": where,
		"expires_in": int(deviceLife.Seconds()), "interval": 5,
		"message": "To sign in, use a web browser to open the page " + where + " and enter the code " + g.userCode +
			" to authenticate.",
	})
}

// userCode is nine characters that are hard to misread.
func userCode() string {
	var b strings.Builder
	for b.Len() < 9 {
		for _, c := range strings.ToUpper(directory.RandomText(9)) {
			if b.Len() < 9 && strings.ContainsRune("ABCDEFGHJKLMNPQRSTUVWXYZ23456789", c) {
				b.WriteRune(c)
			}
		}
	}
	return b.String()
}

func (s *Server) devicePage(w http.ResponseWriter, r *http.Request) {
	s.show(w, http.StatusOK, "device",
		map[string]any{"Title": "Enter code to allow access", "Code": r.URL.Query().Get("otc")})
}

func (s *Server) deviceEnter(w http.ResponseWriter, r *http.Request) {
	entered := strings.ToUpper(strings.TrimSpace(r.PostFormValue("otc")))
	var found *deviceGrant
	s.devices.each(func(_ string, g *deviceGrant) bool {
		if g.userCode == entered && s.Clock().Sub(g.issued) <= deviceLife {
			found = g
		}
		return found == nil
	})
	if found == nil {
		s.show(w, http.StatusOK, "device",
			map[string]any{"Title": "Enter code to allow access",
				"Problem": "That code didn't work. Check the code and try again."})
		return
	}
	s.begin(w, r, &flow{
		purpose: "device", authority: found.a, app: found.app, raw: found.raw, trail: s.trail(r),
		prompt: "select_account", deviceGrant: found,
	})
}

func (s *Server) redeemDevice(r *http.Request, app *directory.Application, c credentials) (map[string]any, *refusal) {
	code := r.PostForm.Get("device_code")
	if code == "" {
		code = r.PostForm.Get("code") // the name MSAL once used
	}
	if code == "" {
		return nil, refuse(900144, "device_code")
	}
	// Without a redirect URI the registration alone says whether the client is
	// public.
	public := app.IsFallbackPublicClient != nil && *app.IsFallbackPublicClient
	if !public {
		if no := s.confidential(app, c); no != nil {
			return nil, no
		}
	} else if c.given {
		return nil, refuse(700025)
	}
	g, ok := s.devices.get(code)
	if !ok || g.app.AppID != app.AppID {
		return nil, refuse(70018)
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	switch {
	case g.used:
		return nil, refuse(54005)
	case g.flow == nil && s.Clock().Sub(g.issued) > deviceLife:
		return nil, refuse(70019)
	case g.flow == nil:
		return nil, refuse(70016)
	}
	next := *g.flow
	next.platform = directory.PlatformNative
	if !public {
		next.platform = directory.PlatformWeb
	}
	next.clientInfo = r.PostForm.Get("client_info") == "1"
	body, no := s.userTokens(r, &next)
	g.used = no == nil
	return body, no
}
