package guides

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"entrada/internal/entra"
)

var (
	idPattern    = regexp.MustCompile(`^[a-z][a-z0-9-]{0,39}$`)
	scopePattern = regexp.MustCompile(`^[A-Za-z0-9_.-]{1,120}$`)
)

// What the keys of a guide file may say that have a list of words.
var (
	audiences   = []Audience{SingleTenant, MultiTenant, MultiTenantPersonal}
	kinds       = []Kind{Delegated, Application}
	inputKinds  = []InputKind{InputRedirectURL, InputHost, InputMailbox, InputText}
	fieldValues = []FieldValue{
		FromClientID, FromSecretValue, FromSecretID, FromTenantID, FromAuthorizeURL, FromTokenURL, FromGraphURL,
		FromScopes, FromInput, FromMailboxPassword,
	}
	portalSteps = []StepID{StepRegister, StepRedirect, StepPermissions, StepConsent, StepExpose, StepSecret}
	otherPages  = []StepID{"needs", "paste", "test", "handover"} // of the wizard, for notes
	tones       = []Tone{ToneDiffers, ToneWarning, ToneInfo}
)

// problem returns the first thing that is wrong, as a sentence, and its place in the
// file; see [position].
func (g *Guide) problem() (sentence, place string) {
	checks := []func() (string, string){
		g.textProblem, g.identityProblem, g.permissionProblem, g.featureProblem, g.inputProblem, g.redirectProblem,
		g.fieldProblem, g.stepProblem,
	}
	for _, check := range checks {
		if s, place := check(); s != "" {
			return s, place
		}
	}
	return "", ""
}

func (g *Guide) identityProblem() (string, string) {
	name, _ := MultiTenantPersonal.Limits() // the smaller one: the audience may be chosen later
	switch {
	case g.Format != 1:
		return "format = 1 is missing", "format"
	case !idPattern.MatchString(g.ID):
		return "id must be lower-case letters, digits and hyphens, such as \"my-vendor\"", "id"
	case g.Vendor == "" || !IsPlain(g.Vendor) || utf8.RuneCountInString(g.Vendor) > MaxVendor:
		return fmt.Sprintf("vendor must be a name of at most %d characters, without spaces around it", MaxVendor),
			"vendor"
	case g.AppName == "" || !IsPlain(g.AppName) || utf8.RuneCountInString(g.AppName) > name:
		return fmt.Sprintf("app_name must have 1 to %d characters, without spaces around it", name), "app_name"
	case !IsPlain(g.Secret.Description) || utf8.RuneCountInString(g.Secret.Description) > MaxDescription:
		return fmt.Sprintf("the description of the secret has at most %d characters, without spaces around it",
			MaxDescription), "secret.description"
	case len(g.Audiences) == 0:
		return "audiences must name at least one of single-tenant, multitenant, multitenant-and-personal", "audiences"
	case g.Secret.Months < 1 || g.Secret.Months > MaxMonths:
		return fmt.Sprintf("secret months must be between 1 and %d: Microsoft allows no longer", MaxMonths),
			"secret.months"
	}
	for i, a := range g.Audiences {
		if !slices.Contains(audiences, a) {
			return fmt.Sprintf("%q is not an audience; use single-tenant, multitenant or multitenant-and-personal", a),
				element("audiences", i)
		}
	}
	return "", ""
}

func (g *Guide) permissionProblem() (string, string) {
	every := make([]string, len(g.Features))
	for i, f := range g.Features {
		every[i] = f.ID
	}
	switch most := len(g.Wanted(every)); {
	case len(g.Permissions) == 0 && len(g.Features) == 0:
		return "a guide asks for at least one permission", ""
	case most > MaxPermissions:
		return fmt.Sprintf("a guide asks for at most %d permissions", MaxPermissions), ""
	}
	seen := map[string]bool{}
	for i, p := range g.Permissions {
		place := element("permission", i)
		known, ok := entra.PermissionByName(p.Name)
		switch {
		case !ok:
			return fmt.Sprintf("%q is not a permission that a guide may ask for"+
				" (mail, calendar, contacts, tasks, mailbox settings and sign-in)", p.Name), place + ".name"
		case p.Kind == Delegated && known.DelegatedID == "":
			return p.Name + " exists as an application permission only", place + ".name"
		case p.Kind == Application && known.RoleID == "":
			return p.Name + " exists as a delegated permission only", place + ".name"
		case !slices.Contains(kinds, p.Kind):
			return fmt.Sprintf("the kind of %s must be delegated or application", p.Name), place + ".kind"
		case seen[p.Name+string(p.Kind)]:
			return p.Name + " is listed twice", place + ".name"
		}
		seen[p.Name+string(p.Kind)] = true
	}
	return "", ""
}

func (g *Guide) featureProblem() (string, string) {
	ids := map[string]bool{}
	for i, f := range g.Features {
		place := element("feature", i)
		if !idPattern.MatchString(f.ID) || ids[f.ID] {
			return fmt.Sprintf("the feature ID %q is not allowed or stands twice", f.ID), place + ".id"
		}
		ids[f.ID] = true
		if f.Label == "" || len(f.Grants) == 0 {
			return fmt.Sprintf("the feature %q needs a label and what it grants", f.ID), place
		}
		for n, name := range f.Grants {
			if p, ok := entra.PermissionByName(name); !ok || p.DelegatedID == "" {
				return fmt.Sprintf("%q is not a delegated permission that a guide may ask for", name),
					element(place+".grants", n)
			}
		}
	}
	return "", ""
}

func (g *Guide) inputProblem() (string, string) {
	ids := map[string]InputKind{}
	for i, in := range g.Inputs {
		place := element("input", i)
		if !idPattern.MatchString(in.ID) || ids[in.ID] != "" || in.Label == "" {
			return fmt.Sprintf("the input %q needs a label and an ID of its own", in.ID), place + ".id"
		}
		if !slices.Contains(inputKinds, in.Kind) {
			return fmt.Sprintf("%q is not a kind of input", in.Kind), place + ".kind"
		}
		if in.Port != 0 && (in.Kind != InputHost || in.Port < 1 || in.Port > 65535) {
			return fmt.Sprintf("the port of input %q must be between 1 and 65535, and its kind host", in.ID),
				place + ".port"
		}
		ids[in.ID] = in.Kind
		if in.Default != "" {
			for _, a := range g.Audiences {
				if err := in.Check(in.Default, a); err != nil {
					return fmt.Sprintf("the default of input %q: %s", in.ID, detail(err)), place + ".default"
				}
			}
		}
	}
	return "", ""
}

func (g *Guide) redirectProblem() (string, string) {
	kinds := map[string]InputKind{}
	for _, in := range g.Inputs {
		kinds[in.ID] = in.Kind
	}
	if _, most := MultiTenantPersonal.Limits(); len(g.Redirects) >= most {
		return fmt.Sprintf("a guide has fewer than %d redirects: Entrada's test needs one of its own", most),
			element("redirect", most-1)
	}
	for i, r := range g.Redirects {
		place := element("redirect", i)
		same := func(o Redirect) bool { return o.URL == r.URL && o.Input == r.Input }
		switch {
		case slices.ContainsFunc(g.Redirects[:i], same):
			return "this redirect stands there twice", place
		case (r.URL == "") == (r.Input == ""):
			return "a redirect has either a url or an input", place
		case r.Input != "" && kinds[r.Input] != InputRedirectURL:
			return fmt.Sprintf("the redirect names the input %q, which is no redirect-url input", r.Input),
				place + ".input"
		case r.URL != "":
			if s := entra.RedirectProblem(r.URL, slices.Contains(g.Audiences, MultiTenantPersonal)); s != "" {
				return s, place + ".url"
			}
		}
	}
	for i, f := range g.Fields {
		if f.From == FromInput && kinds[f.Input] == "" {
			return fmt.Sprintf("the field %q names the input %q, which does not exist", f.Label, f.Input),
				element("field", i) + ".input"
		}
	}
	return "", ""
}

func (g *Guide) fieldProblem() (string, string) {
	if len(g.Fields) > MaxFields {
		return fmt.Sprintf("a guide has at most %d fields", MaxFields), element("field", MaxFields)
	}
	seen := map[string]bool{}
	for i, f := range g.Fields {
		place := element("field", i)
		if f.Label == "" || !IsPlain(f.Label) || utf8.RuneCountInString(f.Label) > MaxLabel || seen[f.Label] {
			return fmt.Sprintf("the field label %q must have 1 to %d characters, no spaces around it, and stand once",
				f.Label, MaxLabel), place + ".label"
		}
		seen[f.Label] = true
		if !slices.Contains(fieldValues, f.From) {
			return fmt.Sprintf("the field %q has no known source %q", f.Label, f.From), place + ".from"
		}
	}
	if len(g.Fields) == 0 {
		return "a guide says which fields are handed over", ""
	}
	return "", ""
}

func (g *Guide) stepProblem() (string, string) {
	if s, at := g.wordProblem(); s != "" {
		return s, at
	}
	for i, s := range g.Steps {
		if !slices.Contains(portalSteps, s.ID) {
			return fmt.Sprintf("%q is not a step", s.ID), element("step", i) + ".id"
		}
	}
	for i, n := range g.StepNotes {
		if !slices.Contains(portalSteps, n.Step) && !slices.Contains(otherPages, n.Step) {
			return fmt.Sprintf("%q is not a step", n.Step), element("note", i) + ".step"
		}
		if !slices.Contains(tones, n.Tone) {
			return fmt.Sprintf("%q is not a tone; use differs, warning or info", n.Tone), element("note", i) + ".tone"
		}
	}
	if len(g.Expose) > MaxExposed {
		return fmt.Sprintf("a guide has at most %d scopes of its own", MaxExposed), element("expose", MaxExposed)
	}
	for i, e := range g.Expose {
		same := func(o ExposedAPI) bool { return o.Scope == e.Scope }
		if !scopePattern.MatchString(e.Scope) || slices.ContainsFunc(g.Expose[:i], same) {
			return fmt.Sprintf("%q cannot be the name of a scope, or stands there twice", e.Scope),
				element("expose", i) + ".scope"
		}
	}
	return "", ""
}

// wordProblem refuses words that would show as empty or as a mark-up sign.
func (g *Guide) wordProblem() (string, string) {
	for i, n := range g.StepNotes {
		if strings.TrimSpace(n.Title) == "" || strings.TrimSpace(n.Text) == "" {
			return fmt.Sprintf("a note on %q needs a title and a text", n.Step), element("note", i)
		}
	}
	for i, f := range g.Facts {
		if strings.TrimSpace(f.Label) == "" || strings.TrimSpace(f.Text) == "" {
			return "a fact needs a label and a text", element("fact", i)
		}
	}
	for i, text := range g.After {
		words := strings.TrimSuffix(text, PermissionsPlaceholder)
		if strings.TrimSpace(words) == "" {
			return "an entry of after needs words", element("after", i)
		}
		if strings.ContainsAny(words, "{}") {
			return "after knows the placeholder " + PermissionsPlaceholder + " alone, and only at the end of an entry",
				element("after", i)
		}
	}
	return "", ""
}

// textProblem refuses text with characters that a person cannot see, and a line of its
// own where it could pass for words of Entrada: only the text of a note has paragraphs.
func (g *Guide) textProblem() (problem, place string) {
	walkPlaces(g, func(at, text string) {
		if problem != "" {
			return
		}
		place = at
		if utf8.RuneCountInString(text) > maxCharacters || len(text) > MaxText {
			problem = fmt.Sprintf("a text has more than %d characters", maxCharacters)
		}
		paragraphs := notePattern.MatchString(at)
		for _, r := range text {
			switch {
			case r == '\n' && paragraphs:
			case r == '\n':
				problem = "a text holds a line break"
			case isHidden(r):
				problem = fmt.Sprintf("a text holds the invisible character U+%04X", r)
			}
		}
		if strings.Contains(strings.ToLower(text), "javascript:") {
			problem = "a text holds a script address"
		}
	})
	return problem, place
}

var notePattern = regexp.MustCompile(`^note\[\d+\]\.text$`)
