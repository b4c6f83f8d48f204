package guides

import (
	"errors"
	"net/url"
	"strings"
	"unicode/utf8"

	"entrada/internal/entra"
	"entrada/internal/fault"
)

// Check judges what was entered for an input. The error is of kind
// [fault.InvalidInput] and carries one sentence for the field.
func (in Input) Check(text string, audience Audience) error {
	clean, _ := entra.CleanPaste(text)
	invalid := func(s string) error { return fault.Invalid(in.ID, s) }
	if clean == "" {
		if in.Optional {
			return nil
		}
		return invalid("This is needed for the next steps. " + in.Help)
	}
	if s := entra.InputProblem(clean); s != "" {
		return invalid(s)
	}
	switch in.Kind {
	case InputRedirectURL:
		if s := entra.RedirectProblem(clean, audience == MultiTenantPersonal); s != "" {
			return invalid(s)
		}
	case InputHost:
		if strings.Contains(clean, "://") || strings.ContainsAny(clean, "/ @?#") {
			return invalid("Type the name of the machine alone, without https:// and without a path.")
		}
		if u, err := url.Parse("https://" + clean); err != nil || u.Hostname() == "" ||
			!strings.Contains(u.Hostname(), ".") {
			return invalid("This is not a complete host name. It looks like machine.yourcompany.com.")
		}
	case InputMailbox:
		if at := strings.LastIndex(clean, "@"); at < 1 || !strings.Contains(clean[at:], ".") ||
			strings.ContainsAny(clean, " /") {
			return invalid("This is not a complete e-mail address. It looks like name@yourcompany.com.")
		}
	case InputText:
		if utf8.RuneCountInString(clean) > 200 {
			return invalid("This is too long; 200 characters are allowed.")
		}
	}
	return nil
}

func detail(err error) string {
	var f *fault.Error
	if errors.As(err, &f) {
		return f.Detail
	}
	return err.Error()
}
