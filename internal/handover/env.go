package handover

import (
	"bytes"
	"regexp"
	"strconv"
	"strings"
)

// Env is a .env file: the vendor's labels as names, such as CLIENT_ID, and the
// names that Microsoft's own libraries look for. It holds no secret; where one
// belongs, a comment says so.
func Env(p Package) ([]byte, error) {
	p, err := p.complete()
	if err != nil {
		return nil, err
	}
	return env(p, false), nil
}

func env(p Package, withSecrets bool) []byte {
	var b bytes.Buffer
	used := map[string]bool{}
	line := func(label, value, absent string) {
		key := uniqueKey(envKey(label), used)
		written, quoted, ok := envValue(value)
		switch {
		case absent != "":
			b.WriteString("# " + key + " is " + absent + "\n")
		case !ok:
			b.WriteString(
				"# " + key + " has characters that this kind of file cannot hold: take it from the settings\n")
		case quoted:
			b.WriteString("# The next value is quoted, for shells and most readers; docker --env-file and kubectl " +
				"would keep the quotes.\n" + key + "=" + written + "\n")
		default:
			b.WriteString(key + "=" + written + "\n")
		}
	}
	if p.IsPractice() {
		b.WriteString("# " + PracticeWords + "\n")
	}
	b.WriteString("# Settings for " + strings.TrimSpace(p.VendorName+" "+p.TenantDomain) + "\n")
	// Microsoft's names first: no label may take them.
	azure := []Field{Plain("AZURE_TENANT_ID", p.TenantID), Plain("AZURE_CLIENT_ID", p.ClientID),
		Hidden("AZURE_CLIENT_SECRET", p.ClientSecret)}
	for _, f := range append(azure, p.Fields...) {
		value, absent := f.Value, ""
		switch {
		case f.LeftEmpty:
			absent = LeftEmptyWords
		case f.Secret && (!withSecrets || f.Hidden.IsEmpty()):
			absent = "sent separately"
		case f.Secret:
			value = f.Hidden.Reveal()
		}
		line(f.Label, value, absent)
	}
	return b.Bytes()
}

// envKey turns "Client Secret Value" into CLIENT_SECRET_VALUE.
func envKey(label string) string {
	var b strings.Builder
	gap := false
	for _, r := range strings.ToUpper(label) {
		if r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' {
			if gap && b.Len() > 0 {
				b.WriteByte('_')
			}
			gap = false
			b.WriteRune(r)
		} else {
			gap = true
		}
	}
	key := b.String()
	if key == "" || key[0] >= '0' && key[0] <= '9' || key == "EXPORT" {
		key = strings.TrimSuffix("FIELD_"+key, "_")
	}
	return key
}

func uniqueKey(key string, used map[string]bool) string {
	unique := key
	for n := 2; used[unique]; n++ {
		unique = key + "_" + strconv.Itoa(n)
	}
	used[unique] = true
	return unique
}

// plainEnv are values that mean the same to everybody without quotation marks: to
// shells, where a tilde means something only at the beginning and after a colon or an
// equals sign, and to docker and kubectl, which take quotation marks for a part of the
// value (docs.docker.com/reference/cli/docker/container/run, kubernetes.io/docs/reference/kubectl).
var plainEnv = regexp.MustCompile(`^(?:[A-Za-z0-9._/@+%,-]|[:=][A-Za-z0-9._/@+%,:=-]|[A-Za-z0-9._/@+%,-]~+)*$`)

// envValue writes a value so that shells and the usual parsers read the same text: as it
// is where that is plain, else in single quotes, where nothing has a meaning, or in
// double quotes if the value holds a single one. ok is false for values on which parsers
// disagree; client secrets that Microsoft makes are never among them.
func envValue(v string) (written string, quoted, ok bool) {
	switch {
	case plainEnv.MatchString(v):
		return v, false, true
	case !strings.Contains(v, "'"):
		// A backslash before the closing quote is taken for an escape by some.
		return "'" + v + "'", true, !strings.HasSuffix(v, `\`)
	case strings.ContainsAny(v, "\"\\`$"):
		return "", true, false
	}
	return `"` + v + `"`, true, true
}
