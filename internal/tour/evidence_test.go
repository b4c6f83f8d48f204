//go:build tour

package tour

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"entrada/internal/guides"
)

// checkState holds what the practice organisation recorded against what should
// have happened, and keeps it beside the pictures.
func (r *tour) checkState() {
	data := r.fetch("/_practice/state")
	r.Must(os.WriteFile(filepath.Join(r.folder, "state.json"), data, 0o644))
	var state struct {
		Applications []struct {
			AppID          string `json:"appId"`
			DisplayName    string `json:"displayName"`
			SignInAudience string `json:"signInAudience"`
			Fallback       *bool  `json:"isFallbackPublicClient"`
			Web            struct {
				RedirectURIs []string `json:"redirectUris"`
				Implicit     struct {
					Access bool `json:"enableAccessTokenIssuance"`
					ID     bool `json:"enableIdTokenIssuance"`
				} `json:"implicitGrantSettings"`
			} `json:"web"`
			API struct {
				Scopes []struct {
					Value string `json:"value"`
				} `json:"oauth2PermissionScopes"`
			} `json:"api"`
			Secrets []struct {
				SHA256 string `json:"sha256"`
			} `json:"secrets"`
		} `json:"applications"`
		Roles []struct {
			PrincipalAppID string `json:"principalAppId"`
			Role           string `json:"role"`
		} `json:"appRoleAssignments"`
		Grants []struct {
			ClientAppID string `json:"clientAppId"`
			ConsentType string `json:"consentType"`
			Scope       string `json:"scope"`
		} `json:"grants"`
		Mails []struct {
			Subject string `json:"subject"`
		} `json:"mails"`
		Events struct {
			Live    []any `json:"live"`
			Deleted []any `json:"deleted"`
		} `json:"events"`
		SignIns []struct {
			ClientID            string `json:"clientId"`
			ResponseMode        string `json:"responseMode"`
			CodeChallengeMethod string `json:"codeChallengeMethod"`
			ResultCode          int    `json:"resultCode"`
		} `json:"signIns"`
	}
	r.Must(json.Unmarshal(data, &state))
	t := r.t

	mine, named := 0, 0
	for _, a := range state.Applications {
		if a.DisplayName == r.guide.AppName {
			named++
		}
		if a.AppID != r.clientID {
			continue
		}
		mine++
		sum := sha256.Sum256([]byte(r.secret))
		redirects, wantedRedirects := slices.Sorted(slices.Values(a.Web.RedirectURIs)), r.redirects()
		if a.DisplayName != r.guide.AppName || a.SignInAudience != audience[r.guide.Audiences[0]] ||
			!slices.Equal(redirects, wantedRedirects) {
			t.Errorf("the registration is %+v, wanted redirects %v", a, wantedRedirects)
		}
		if s := r.guide.Switches; s.AccessTokens != a.Web.Implicit.Access || s.IDTokens != a.Web.Implicit.ID ||
			s.PublicClient != (a.Fallback != nil && *a.Fallback) {
			t.Errorf("the switches are %+v, %v", a.Web.Implicit, a.Fallback)
		}
		if len(a.API.Scopes) != len(r.guide.Expose) {
			t.Errorf("%d scopes are exposed", len(a.API.Scopes))
		}
		if len(a.Secrets) != 1 || a.Secrets[0].SHA256 != hex.EncodeToString(sum[:]) {
			t.Error("the registration has another secret than the one pasted")
		}
	}
	if mine != 1 || named != 1 {
		t.Errorf("%d registrations with our client ID, %d with our name", mine, named)
	}
	var delegated, roles []string
	for _, g := range state.Grants {
		if g.ClientAppID == r.clientID && g.ConsentType == "AllPrincipals" {
			delegated = append(delegated, strings.Fields(g.Scope)...)
		}
	}
	for _, a := range state.Roles {
		if a.PrincipalAppID == r.clientID {
			roles = append(roles, a.Role)
		}
	}
	r.compare("granted for everybody", delegated, guides.Delegated)
	r.compare("application permissions granted", roles, guides.Application)
	wantMails, wantSignIns := 0, 1
	for _, p := range r.guide.Wanted(r.choices.Features) {
		if p.Name == "Mail.Send" {
			wantMails = 1
		}
	}
	if r.guide.AppOnly() {
		wantSignIns = 0
	}
	if len(state.Mails) != wantMails || wantMails == 1 && !strings.HasPrefix(state.Mails[0].Subject, "Entrada test ") {
		t.Errorf("mails: %+v", state.Mails)
	}
	if len(state.Events.Live) != 0 || r.guide.ID == "oxfordiq" && len(state.Events.Deleted) != 1 {
		t.Errorf("%d events are left, %d were deleted", len(state.Events.Live), len(state.Events.Deleted))
	}
	interactive := 0
	for _, s := range state.SignIns {
		if s.ClientID == r.clientID && s.ResponseMode != "" {
			interactive++
			if s.ResultCode != 0 || s.ResponseMode != "form_post" || s.CodeChallengeMethod != "S256" {
				t.Errorf("sign-in %+v", s)
			}
		}
	}
	if interactive != wantSignIns {
		t.Errorf("%d interactive sign-ins", interactive)
	}
}

// redirects are the addresses that should be registered, sorted.
func (r *tour) redirects() []string {
	all := r.guide.RedirectURLs(r.choices.Inputs)
	if !r.guide.AppOnly() && !slices.Contains(all, guides.TestRedirect) {
		all = append(all, guides.TestRedirect)
	}
	slices.Sort(all)
	return all
}

// compare holds what was granted against what the guide wants. The portal adds
// User.Read to every registration, so it may be there unasked.
func (r *tour) compare(what string, got []string, kind guides.Kind) {
	var want []string
	for _, p := range r.guide.Wanted(r.choices.Features) {
		if p.Kind == kind {
			want = append(want, p.Name)
		}
	}
	if kind == guides.Delegated && slices.Contains(got, "User.Read") && !slices.Contains(want, "User.Read") {
		want = append(want, "User.Read")
	}
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		r.t.Errorf("%s: %v, wanted %v", what, got, want)
	}
}

// huntTheSecret looks for the secret wherever the program could have left it:
// files, logs, pictures, window titles and the arguments of processes.
func (r *tour) huntTheSecret() {
	t := r.t
	looked := 0
	hunt := func(where string, data []byte) {
		looked++
		if strings.Contains(string(data), r.secret) {
			t.Errorf("the secret stands in %s", where)
		}
	}
	for _, root := range []string{r.Dir, r.folder} {
		err := filepath.WalkDir(root, func(path string, e fs.DirEntry, err error) error {
			if err != nil {
				return nil // sockets and files that come and go
			}
			// The portal showed the secret in this browser: that is where it
			// comes from.
			if e.IsDir() && path == r.Path("browser-profile") {
				return filepath.SkipDir
			}
			if e.Type().IsRegular() {
				data, err := os.ReadFile(path)
				if err == nil {
					hunt(path, data)
				}
				if strings.HasSuffix(path, ".png") {
					r.readPicture(path)
				}
			}
			return nil
		})
		r.Must(err)
	}
	processes, err := filepath.Glob("/proc/[0-9]*/cmdline")
	r.Must(err)
	for _, p := range processes {
		data, _ := os.ReadFile(p)
		hunt(p, data)
	}
	hunt("the window's title", []byte(r.window.title()))
	hunt("the clipboard", []byte(r.window.clipboard()))
	if looked < 20 {
		t.Errorf("only %d places were looked at", looked)
	}
}

// readPicture reads a picture's text as a person who photographs the screen
// would.
func (r *tour) readPicture(path string) {
	text := r.Run("", "tesseract", path, "-", "--psm", "11")
	squeezed := strings.Join(strings.Fields(text), "")
	if len(squeezed) < 40 {
		r.t.Errorf("%s: next to no text was read", path)
	}
	// Eight characters in a row are no chance, however badly the rest was read.
	for i := 0; i+8 <= len(r.secret); i++ {
		if strings.Contains(squeezed, r.secret[i:i+8]) {
			r.t.Errorf("a part of the secret can be read in %s", path)
			return
		}
	}
}
