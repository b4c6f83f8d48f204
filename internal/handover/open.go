package handover

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"entrada/internal/fault"
	"entrada/internal/secret"
)

// parse reads the text of a settings file.
func parse(data []byte) (Package, error) {
	const op = "read the settings"
	damaged := func(err error) (Package, error) {
		words := err.Error() // our own: nothing of the file is in them
		var f *fault.Error
		if errors.As(err, &f) {
			words = f.Detail
		}
		return Package{}, &fault.Error{Kind: fault.FileCorrupt, Op: op, Err: err,
			Detail: "It is not complete, was changed, or was not written by Entrada. What does not fit: " +
				strings.TrimSuffix(words, ".") + "."}
	}
	root, err := parseJSON(data)
	if err != nil {
		return damaged(err)
	}
	if b, ok := root.value.(branch); ok && slices.Contains(b.names, appSettingsRoot) {
		return Package{}, forDevelopers("an appsettings.json")
	}
	t := root.taker("the file", &err)
	if t.text("format") != formatName {
		return damaged(errors.New("it is no settings file of Entrada"))
	}
	switch v := take[json.Number](t, "version", true).String(); {
	case v == fmt.Sprint(formatVersion):
	case isNewer(v):
		return Package{}, &fault.Error{Kind: fault.FileNewer, Op: op}
	default:
		return damaged(errors.New("“version” is no version"))
	}
	p := t.settings()
	if err == nil {
		_, err = p.complete()
	}
	if err != nil {
		return damaged(err)
	}
	return p, nil
}

// settings takes everything but format and version.
func (t taker) settings() Package {
	p := Package{
		Created: t.time("created"), App: t.text("app"),
		TenantID: t.text("tenant_id"), TenantDomain: t.text("tenant_domain"), ClientID: t.text("client_id"),
		CloudID: t.text("cloud"), AuthorityURL: t.text("authority_url"), TokenURL: t.text("token_url"),
		Fingerprint: t.text("secret_fingerprint"),
	}
	if _, ok := t.branch.values["secret_expires"]; ok {
		p.SecretExpires = t.time("secret_expires")
	}
	vendor := t.sub("vendor")
	p.VendorID, p.VendorName = vendor.text("id"), vendor.text("name")
	vendor.done()

	contents := t.texts("contents")
	withSecrets := slices.Equal(contents, sealedContents)
	if !withSecrets && !slices.Equal(contents, []string{contentSettings}) {
		t.fail("“contents” is not known")
	}
	var hidden []string
	if withSecrets {
		hidden = t.texts("secret_fields")
		p.ClientSecret = secretOf(t.text("client_secret"))
		// For the vendor's programs; the fields say the same.
		t.text("env")
		t.text("appsettings")
	}
	p.Fields = t.fields(hidden)

	for i, n := range take[[]node](t, "permissions", true) {
		one := n.taker(fmt.Sprintf("permission %d", i+1), t.err)
		p.Permissions = append(p.Permissions, Permission{
			Name: one.text("name"), Kind: one.text("kind"), Reason: one.text("reason"),
			Granted: take[bool](one, "granted", true),
		})
		one.done()
	}
	extra := t.sub("extra")
	for _, name := range extra.branch.names {
		if p.Extra == nil {
			p.Extra = map[string]string{}
		}
		p.Extra[name] = extra.text(name)
	}
	t.done()
	return p
}

// fields puts the vendor's fields together again: those that are in the file,
// in their order, then those that were sent separately.
func (t taker) fields(hidden []string) []Field {
	var list []Field
	in, notes := t.sub("fields"), t.sub("notes")
	add := func(f Field) {
		if _, ok := notes.branch.values[f.Label]; ok {
			f.Note = notes.text(f.Label)
		}
		list = append(list, f)
	}
	for _, label := range in.branch.names {
		value := in.text(label)
		if i := slices.Index(hidden, label); i >= 0 {
			hidden = slices.Delete(slices.Clone(hidden), i, i+1)
			add(Hidden(label, secretOf(value)))
		} else {
			add(Plain(label, value))
		}
	}
	if len(hidden) > 0 {
		t.fail("a field of “secret_fields” is not among the fields")
	}
	for _, label := range t.texts("secrets_sent_separately") {
		add(Hidden(label, secret.Value{}))
	}
	notes.done()
	return list
}

func secretOf(text string) secret.Value {
	if text == "" {
		return secret.Value{}
	}
	return secret.New(text)
}

func (t taker) time(name string) time.Time {
	v, err := time.Parse("2006-01-02T15:04:05Z", t.text(name))
	if err != nil {
		t.fail("“%s” is no time in UTC", name)
	}
	return v
}

func isLoopback(address string) bool {
	u, err := url.Parse(address)
	if err != nil || u.User != nil {
		return false
	}
	ip, err := netip.ParseAddr(u.Hostname())
	return u.Hostname() == "localhost" || err == nil && ip.IsLoopback()
}

// isNewer: a whole number above ours, of any length.
func isNewer(v string) bool {
	if v == "" || strings.Trim(v, "0123456789") != "" || v[0] == '0' {
		return false
	}
	return len(v) > len(fmt.Sprint(formatVersion)) || v > fmt.Sprint(formatVersion)
}
