//go:build tour

package tour

import (
	"regexp"
	"strings"

	"github.com/chromedp/chromedp"

	"entrada/internal/guides"
)

// portalStep opens the portal from the wizard and does there what the page
// says.
func (r *tour) portalStep(step guides.Step) {
	w, b := r.window, r.browser
	w.keys("Return") // the link has the keyboard
	address := b.follow()
	if r.clientID != "" && !strings.Contains(address, r.clientID) {
		r.t.Errorf("%s does not lead to the app", address)
	}
	switch step.ID {
	case guides.StepRegister:
		r.register(step)
	case guides.StepRedirect:
		r.addRedirects(step)
	case guides.StepPermissions:
		r.addPermissions()
	case guides.StepConsent:
		b.click("grant-admin-consent", "consent-yes")
		b.sees("Granted for")
	case guides.StepExpose:
		for _, e := range r.guide.Expose {
			b.click("add-scope", "save-uri")
			b.fill("scopeName", e.Scope)
			b.fill("adminTitle", e.Scope)
			b.fill("adminDescription", e.Scope)
			b.click("save-scope")
			b.sees(e.Scope)
		}
	case guides.StepSecret:
		b.click("new-client-secret")
		b.fill("description", r.guide.Secret.Description)
		b.fill("expires", "365")
		b.click("add")
		r.secret, r.secretID = b.read("secret-value"), b.read("secret-id")
	}
}

func (r *tour) register(step guides.Step) {
	w, b := r.window, r.browser
	b.pick(admin)
	b.fill("name", r.guide.AppName)
	b.fill("audience", audience[r.guide.Audiences[0]])
	b.click("register")
	r.clientID = b.read("application-client-id")
	for range values(step) {
		w.keys("Tab") // the copy buttons
	}
	w.keys("Tab")
	w.text(r.clientID)
	w.shot("register-client-id-pasted")
}

var audience = map[guides.Audience]string{
	guides.SingleTenant: "AzureADMyOrg", guides.MultiTenant: "AzureADMultipleOrgs",
	guides.MultiTenantPersonal: "AzureADandPersonalMicrosoftAccount",
}

func values(step guides.Step) []guides.Value {
	var all []guides.Value
	for _, i := range step.Instructions {
		all = append(all, i.Values...)
	}
	return all
}

// addRedirects copies each address with its button and pastes it in the portal.
func (r *tour) addRedirects(step guides.Step) {
	w, b := r.window, r.browser
	for _, v := range values(step) {
		w.keys("Tab", "Return")
		copied := w.copied(regexp.MustCompile("^" + regexp.QuoteMeta(v.Text) + "$"))
		b.click("add-redirect-uri", "platform-web")
		b.fill("redirectUri", copied)
		b.click("configure")
		b.sees(v.Text)
	}
	if s := r.guide.Switches; s.Any() {
		b.click("tab-settings")
		for name, on := range map[string]bool{"accessTokens": s.AccessTokens, "idTokens": s.IDTokens,
			"publicClient": s.PublicClient} {
			if on {
				b.click(name)
			}
		}
		b.click("save")
		b.sees("Successfully updated")
	}
	if r.guide.ID != "oxfordiq" {
		return
	}
	// Stop here once and come back.
	w.keys("Escape")
	w.shot("stop-here-for-now")
	w.keys("ctrl+Return")
	w.on("Connect an app to Outlook")
	w.keys("Return") // Go on
	w.waitTitle(step.Title)
}

func (r *tour) addPermissions() {
	b := r.browser
	for _, kind := range []guides.Kind{guides.Delegated, guides.Application} {
		var names []string
		for _, p := range r.guide.Wanted(r.choices.Features) {
			// The portal adds User.Read by itself.
			if p.Kind == kind && p.Name != "User.Read" {
				names = append(names, p.Name)
			}
		}
		if len(names) == 0 {
			continue
		}
		b.click("add-permission", "api-microsoft-graph", "type-"+string(kind))
		for _, name := range names {
			b.click("permission-" + name)
		}
		b.do("add permissions", chromedp.Click(id("add-permissions")))
		b.sees(names[0])
	}
}
