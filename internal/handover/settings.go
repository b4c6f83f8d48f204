package handover

import (
	"bytes"
	"encoding/json"
	"maps"
	"slices"
	"strings"
	"time"
)

// The readable settings and the inside of the encrypted file are one format.
// Its members never change their meaning within a version:
//
//	format, version, created, app, contents   what this is
//	vendor {id, name}
//	fields {label: value}                     the vendor's labels, in its order
//	notes {label: text}
//	secrets_sent_separately [label]           not in this file
//	tenant_id, tenant_domain, client_id, cloud, authority_url, token_url
//	permissions [{name, kind, reason, granted}]
//	secret_expires, secret_fingerprint
//	extra {name: value}
//
// and in the encrypted file alone, where "fields" holds the secrets as well:
//
//	secret_fields [label]                     which of the fields are secret
//	client_secret
//	env                                       the same as the text of a .env file
//	appsettings                               the same as the text of an appsettings.json
const (
	formatName    = "entrada-settings"
	formatVersion = 1

	contentSettings    = "settings"
	contentSecrets     = "secrets"
	contentEnv         = "env"
	contentAppSettings = "appsettings"
)

// JSON is the readable settings file. It holds no secret; fields that are
// secret are named as sent separately.
func JSON(p Package) ([]byte, error) {
	p, err := p.complete()
	if err != nil {
		return nil, err
	}
	return encode(p, false), nil
}

// sealedContents are what an encrypted file holds.
var sealedContents = []string{contentSettings, contentSecrets, contentEnv, contentAppSettings}

// encode writes the members in their order. With secrets it is the inside of
// the encrypted file.
func encode(p Package, withSecrets bool) []byte {
	contents := []string{contentSettings}
	if withSecrets {
		contents = sealedContents
	}
	o := object{}
	o.add("format", formatName)
	o.add("version", formatVersion)
	o.add("created", p.Created.Format(time.RFC3339))
	o.add("app", p.App)
	o.add("contents", contents)
	vendor := object{}
	vendor.add("id", p.VendorID)
	vendor.add("name", p.VendorName)
	o.add("vendor", vendor)

	fields, notes, separate, hidden := object{}, object{}, []string{}, []string{}
	for _, f := range p.Fields {
		switch {
		case !f.Secret:
			fields.add(f.Label, f.Value)
		case withSecrets && !f.Hidden.IsEmpty():
			fields.add(f.Label, f.Hidden.Reveal())
			hidden = append(hidden, f.Label)
		default:
			separate = append(separate, f.Label)
		}
		note := f.Note
		if f.LeftEmpty {
			note = strings.TrimSpace("It is " + LeftEmptyWords + ". " + note)
		}
		if note != "" {
			notes.add(f.Label, note)
		}
	}
	o.add("fields", fields)
	o.add("notes", notes)
	o.add("secrets_sent_separately", separate)
	o.add("tenant_id", p.TenantID)
	o.add("tenant_domain", p.TenantDomain)
	o.add("client_id", p.ClientID)
	o.add("cloud", p.CloudID)
	o.add("authority_url", p.AuthorityURL)
	o.add("token_url", p.TokenURL)
	permissions := []object{}
	for _, q := range p.Permissions {
		one := object{}
		one.add("name", q.Name)
		one.add("kind", q.Kind)
		one.add("reason", q.Reason)
		one.add("granted", q.Granted)
		permissions = append(permissions, one)
	}
	o.add("permissions", permissions)
	if !p.SecretExpires.IsZero() {
		o.add("secret_expires", p.SecretExpires.Format(time.RFC3339))
	}
	o.add("secret_fingerprint", p.Fingerprint)
	extra := object{}
	for _, k := range sortedKeys(p.Extra) {
		extra.add(k, p.Extra[k])
	}
	o.add("extra", extra)
	if withSecrets {
		o.add("secret_fields", hidden)
		o.add("client_secret", p.ClientSecret.Reveal())
		o.add("env", string(env(p, true)))
		o.add("appsettings", string(appSettings(p, true)))
	}
	return indented(o)
}

// object is a JSON object that keeps the order of its members.
type object []member

type member struct {
	name  string
	value any
}

func (o *object) add(name string, value any) { *o = append(*o, member{name, value}) }

func (o object) MarshalJSON() ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	for i, m := range o {
		if i > 0 {
			b.WriteByte(',')
		}
		name, err := plainJSON(m.name)
		if err != nil {
			return nil, err
		}
		value, err := plainJSON(m.value)
		if err != nil {
			return nil, err
		}
		b.Write(name)
		b.WriteByte(':')
		b.Write(value)
	}
	b.WriteByte('}')
	return b.Bytes(), nil
}

// plainJSON leaves <, > and & as they are: people read these files.
func plainJSON(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return bytes.TrimRight(b.Bytes(), "\n"), err
}

func sortedKeys(m map[string]string) []string { return slices.Sorted(maps.Keys(m)) }
