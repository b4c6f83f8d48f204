package portal

import (
	"net/http"
	"slices"
	"strings"

	"entrada/internal/practice/directory"
)

// platformNames are the tiles of "Select a platform to add redirect URI".
var platformNames = []option{
	{"web", "Web"}, {"spa", "Single-page application"}, {"publicClient", "Mobile and desktop applications"},
}

func platformName(p string) string {
	for _, o := range platformNames {
		if o.Value == p {
			return o.Label
		}
	}
	return ""
}

// nativeSuggestion is what the portal offers as a tick box for desktop apps.
const nativeSuggestion = "https://login.microsoftonline.com/common/oauth2/nativeclient"

type redirectRow struct{ URI, Platform, PlatformName string }

func rows(a *directory.Application) []redirectRow {
	var out []redirectRow
	for _, o := range platformNames {
		for _, uri := range *redirects(a, directory.Platform(o.Value)) {
			out = append(out, redirectRow{uri, o.Value, o.Label})
		}
	}
	return out
}

func (s *Server) authenticationPage(v *visit) {
	q := v.r.URL.Query()
	s.authentication(v, http.StatusOK, q.Get("tab"), q.Get("pane"), q.Get("platform"), "", "")
}

func (s *Server) authentication(v *visit, status int, tab, pane, platform, problem, typed string) {
	if tab == "" {
		tab = "redirects"
	}
	notice := ""
	if v.r.URL.Query().Get("saved") != "" {
		notice = "Successfully updated " + v.app.DisplayName
	}
	fallback := v.app.IsFallbackPublicClient != nil && *v.app.IsFallbackPublicClient
	s.show(v.w, status, "authentication",
		v.fill(page{Title: v.app.DisplayName + " | Authentication", Menu: "authentication", Notice: notice,
			Data: map[string]any{
				"Tab": tab, "Pane": pane, "Platform": platform, "PlatformName": platformName(platform),
				"Platforms": platformNames, "Rows": rows(v.app),
				"Problem": problem, "Typed": typed, "Suggestion": nativeSuggestion, "Audiences": audiences(v.tenant),
				"Fallback": fallback,
			}}))
}

func (s *Server) addRedirect(v *visit) {
	_ = v.r.ParseForm()
	platform := v.r.PostFormValue("platform")
	typed := strings.TrimSpace(v.r.PostFormValue("redirectUri"))
	var uris []string
	if typed != "" {
		uris = append(uris, typed)
	}
	uris = append(uris, v.r.PostForm["suggested"]...)
	again := func(what string) {
		s.authentication(v, http.StatusBadRequest, "redirects", "configure", platform, what, typed)
	}
	if platformName(platform) == "" || len(uris) == 0 {
		again("The value can't be empty.")
		return
	}
	personal := strings.Contains(v.app.SignInAudience, "Personal")
	for _, uri := range uris {
		if what := directory.CheckRedirect(uri, directory.Platform(platform), personal, true); what != "" {
			again(what)
			return
		}
		if slices.ContainsFunc(rows(v.app), func(r redirectRow) bool { return r.URI == uri }) {
			again("This redirect URI is already registered. Each redirect URI can be registered once.")
			return
		}
	}
	_, err := s.Directory.UpdateApp(v.app.AppID, func(a *directory.Application) error {
		list := redirects(a, directory.Platform(platform))
		*list = append(slices.Clone(*list), uris...)
		return nil
	})
	if err != nil {
		again(message(err))
		return
	}
	v.done(v.page("authentication?saved=1"))
}

func (s *Server) removeRedirect(v *visit) {
	_, err := s.Directory.UpdateApp(v.app.AppID, func(a *directory.Application) error {
		list := redirects(a, directory.Platform(v.r.PostFormValue("platform")))
		*list = slices.DeleteFunc(
			slices.Clone(*list), func(u string) bool { return u == v.r.PostFormValue("redirectUri") })
		return nil
	})
	s.saved(v, err, "redirects")
}

func (s *Server) saveAccounts(v *visit) {
	_, err := s.Directory.UpdateApp(v.app.AppID, func(a *directory.Application) error {
		setAudience(a, v.r.PostFormValue("audience"))
		return nil
	})
	s.saved(v, err, "accounts")
}

func (s *Server) saveSettings(v *visit) {
	_, err := s.Directory.UpdateApp(v.app.AppID, func(a *directory.Application) error {
		public := v.r.PostFormValue("publicClient") == "true"
		a.IsFallbackPublicClient = &public
		a.Web.ImplicitGrantSettings.EnableAccessTokenIssuance = v.r.PostFormValue("accessTokens") == "true"
		a.Web.ImplicitGrantSettings.EnableIDTokenIssuance = v.r.PostFormValue("idTokens") == "true"
		return nil
	})
	s.saved(v, err, "settings")
}

func (s *Server) saved(v *visit, err error, tab string) {
	if err != nil {
		s.authentication(v, http.StatusBadRequest, tab, "", "", message(err), "")
		return
	}
	v.done(v.page("authentication?saved=1&tab=" + tab))
}
