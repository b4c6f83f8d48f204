package identity

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"slices"
	"time"

	"entrada/internal/practice/directory"
)

// Saved is a refresh token in the state file: its hash, and what it grants. It leaves
// out how a request spelled a permission: the spelling may hold the address and port of
// an earlier run.
type Saved struct {
	SHA256   string             `json:"sha256"` // hexadecimal, of the token
	TenantID string             `json:"tenantId"`
	UserID   string             `json:"userId"`
	ClientID string             `json:"clientId"`
	Platform directory.Platform `json:"platform"`
	SignIn   []string           `json:"signIn"`
	Resource string             `json:"resource"`
	Names    []string           `json:"names"`
	All      bool               `json:"all"`
	Prefix   string             `json:"prefix,omitempty"`
	Issued   time.Time          `json:"issued"`
}

// mostSaved bounds the file; the newest stay.
const mostSaved = 1000

func hashed(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}

// Save returns the refresh tokens, oldest first.
func (s *Server) Save() []Saved {
	var out []Saved
	s.refresh.each(func(name string, g *refreshGrant) bool {
		f := g.flow
		one := Saved{SHA256: name, TenantID: f.user.TenantID, UserID: f.user.ID, ClientID: f.app.AppID,
			Platform: f.platform,
			SignIn:   f.set.signIn, Resource: f.set.resource, Names: f.set.names, All: f.set.all,
			Issued: g.issued.UTC()}
		if one.Resource != directory.GraphAppID {
			one.Prefix = f.set.prefix
		}
		out = append(out, one)
		return true
	})
	slices.SortFunc(out, func(a, b Saved) int {
		return cmp.Or(a.Issued.Compare(b.Issued), cmp.Compare(a.SHA256, b.SHA256))
	})
	return out[max(0, len(out)-mostSaved):]
}

// Restore accepts saved refresh tokens again whose app and account still exist.
func (s *Server) Restore(list []Saved) {
	for _, one := range list {
		user, ok1 := s.Directory.User(one.TenantID, one.UserID)
		app, ok2 := s.Directory.Primary().App(one.ClientID)
		if life := refreshKept - s.Clock().Sub(one.Issued); ok1 && ok2 && life > 0 {
			f := &flow{purpose: "authorize", app: app, platform: one.Platform, user: user,
				set: scopeSet{signIn: one.SignIn, resource: one.Resource, names: one.Names, all: one.All,
					prefix: one.Prefix}}
			s.refresh.put(one.SHA256, &refreshGrant{f, one.Issued}, life)
		}
	}
}
