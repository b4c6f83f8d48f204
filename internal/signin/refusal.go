package signin

import (
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/secret"
	"entrada/internal/words"
)

// oauthError is Entra's error answer: RFC 6749 section 5.2 and its own additions
// (learn.microsoft.com/entra/identity-platform/v2-oauth2-auth-code-flow).
// In a posted form the additions are in the description's text.
type oauthError struct {
	Error         string `json:"error"`
	Description   string `json:"error_description"`
	Codes         []int  `json:"error_codes"`
	TraceID       string `json:"trace_id"`
	CorrelationID string `json:"correlation_id"`
}

var (
	aadsts          = regexp.MustCompile(`\bAADSTS[0-9]{4,12}\b`)
	oauthName       = regexp.MustCompile(`^[A-Za-z_]{1,40}$`)
	inTraceID       = regexp.MustCompile(`(?i)\bTrace ID:\s*([0-9a-f-]{36})\b`)
	inCorrelationID = regexp.MustCompile(`(?i)\bCorrelation ID:\s*([0-9a-f-]{36})\b`)
	inTimestamp     = regexp.MustCompile(`(?i)\bTimestamp:\s*([0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9:]{8})Z`)
)

// fault reads the error. Status 0 means that it came in a form. The detail never
// holds one of the secrets, even if the description does.
func (e oauthError) fault(op string, status int, secrets ...secret.Value) *fault.Error {
	f := &fault.Error{
		Kind: fault.Refused, Op: op, Status: status, When: time.Now().UTC(),
		Code:          aadsts.FindString(e.Description),
		TraceID:       idOf(inTraceID, e.Description, e.TraceID),
		CorrelationID: idOf(inCorrelationID, e.Description, e.CorrelationID),
	}
	switch {
	case f.Code != "":
	case len(e.Codes) > 0 && e.Codes[0] > 0:
		f.Code = "AADSTS" + strconv.Itoa(e.Codes[0])
	case oauthName.MatchString(e.Error):
		f.Code = e.Error
	}
	if m := inTimestamp.FindStringSubmatch(e.Description); m != nil {
		if when, err := time.Parse("2006-01-02 15:04:05", strings.Replace(m[1], "T", " ", 1)); err == nil {
			f.When = when
		}
	}
	switch {
	case status == http.StatusTooManyRequests:
		f.Kind = fault.Throttled
	case status >= 500:
		f.Kind = fault.Unavailable
	case entra.TraitsOf(f).NoSuchTenant || e.Error == "invalid_tenant":
		f.Kind = fault.TenantNotFound
	case f.Code == "": // a refusal would have said why
		f.Kind, f.Detail = fault.BadAnswer, "the answer is neither a token nor an error of Microsoft's"
		return f
	}
	f.Detail = sentence(e.Description, secrets)
	return f
}

func idOf(pattern *regexp.Regexp, description, field string) string {
	if entra.IsGUID(field) {
		return field
	}
	if m := pattern.FindStringSubmatch(description); m != nil && entra.IsGUID(m[1]) {
		return m[1]
	}
	return ""
}

// sentence is the part of a description that is for people.
func sentence(description string, secrets []secret.Value) string {
	for _, s := range secrets {
		for _, form := range []string{s.Reveal(), url.QueryEscape(s.Reveal()), url.PathEscape(s.Reveal())} {
			if form != "" {
				description = strings.ReplaceAll(description, form, secret.Redacted)
			}
		}
	}
	if at := inTraceID.FindStringIndex(description); at != nil {
		description = description[:at[0]]
	}
	if at := aadsts.FindStringIndex(description); at != nil && at[0] == 0 {
		description = strings.TrimPrefix(description[at[1]:], ":")
	}
	return words.Printable(description, 600)
}
