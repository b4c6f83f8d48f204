package graphapi

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"time"

	"entrada/internal/entra"
	"entrada/internal/practice/directory"
)

// Who else can sign in as an app, or change it.
func (s *Server) holderRoutes() {
	s.handle("GET /v1.0/applications/{id}/owners", readApps, s.listOwners)
	s.handle("POST /v1.0/applications/{id}/owners/$ref", writeApps, s.addOwner)
	s.handle("GET /v1.0/applications/{id}/federatedIdentityCredentials", readApps, func(c *call) error {
		a, err := s.app(c)
		if err != nil {
			return err
		}
		return c.many("applications('"+a.ID+"')/federatedIdentityCredentials", objects(a.Federated), 100)
	})
	s.handle("POST /v1.0/applications/{id}/federatedIdentityCredentials", writeApps, s.addFederated)
	s.handle("DELETE /v1.0/applications/{id}/federatedIdentityCredentials/{credential}", writeApps, s.removeFederated)
}

// listOwners names the owners. Where the token may not read a kind of object, it
// stands there with its ID alone: learn.microsoft.com/graph/api/application-list-owners.
func (s *Server) listOwners(c *call) error {
	a, err := s.app(c)
	if err != nil {
		return err
	}
	mayRead := c.holds(joined(readUsers.own, readUsers.app))
	out := []map[string]any{}
	for _, id := range a.Owners {
		if u, ok := s.Directory.User(c.tenant.ID, id); ok {
			m := userObject(c, u)
			if !mayRead {
				for name := range m {
					m[name] = nil
				}
				m["id"] = u.ID
			}
			m["@odata.type"] = "#microsoft.graph.user"
			out = append(out, m)
		}
	}
	return c.many("directoryObjects", out, 100)
}

func (s *Server) addOwner(c *call) error {
	a, err := s.managed(c)
	if err != nil {
		return err
	}
	body, err := c.body()
	if err != nil {
		return err
	}
	ref, _ := body["@odata.id"].(string)
	id := strings.TrimRight(ref, "/")
	id = id[strings.LastIndexByte(id, '/')+1:]
	if _, ok := s.Directory.User(c.tenant.ID, id); !ok {
		return missing(id)
	}
	_, err = s.Directory.UpdateApp(a.AppID, func(a *directory.Application) error {
		if slices.Contains(a.Owners, id) {
			return &Problem{http.StatusBadRequest, "Request_BadRequest",
				"One or more added object references already exist for the following modified properties: 'owners'."}
		}
		a.Owners = append(slices.Clone(a.Owners), id)
		return nil
	})
	return c.nothing(err)
}

// addFederated follows learn.microsoft.com/graph/api/application-post-federatedidentitycredentials.
func (s *Server) addFederated(c *call) error {
	a, err := s.managed(c)
	if err != nil {
		return err
	}
	body, err := c.body()
	if err != nil {
		return err
	}
	data, _ := json.Marshal(body)
	var f directory.FederatedCredential
	if err := json.Unmarshal(data, &f); err != nil {
		return &Problem{http.StatusBadRequest, "Request_BadRequest",
			"Invalid value specified in the request body: " + err.Error()}
	}
	if f.Name == "" || len(f.Name) > 120 || url.PathEscape(f.Name) != f.Name || f.Issuer == "" ||
		len(f.Issuer) > 600 || f.Subject == "" || len(f.Subject) > 600 || len(f.Audiences) != 1 {
		return &Problem{http.StatusBadRequest, "Request_BadRequest",
			"A required property of the federated identity credential is missing or invalid."}
	}
	f.ID = entra.NewGUID()
	_, err = s.Directory.UpdateApp(a.AppID, func(a *directory.Application) error {
		if len(a.Federated) >= 20 {
			return &Problem{http.StatusBadRequest, "Request_BadRequest",
				"No more than 20 federated identity credentials can be added to an application."}
		}
		if slices.ContainsFunc(a.Federated, func(o directory.FederatedCredential) bool {
			return o.Name == f.Name || o.Issuer == f.Issuer && o.Subject == f.Subject
		}) {
			return &Problem{http.StatusConflict, "Request_MultipleObjectsWithSameKeyValue",
				"A federated identity credential with the same name, or the same issuer and subject, already exists."}
		}
		a.Federated = append(slices.Clone(a.Federated), f)
		return nil
	})
	if err != nil {
		return err
	}
	return c.one(http.StatusCreated, "applications('"+a.ID+"')/federatedIdentityCredentials/$entity", object(f))
}

func (s *Server) removeFederated(c *call) error {
	a, err := s.managed(c)
	if err != nil {
		return err
	}
	id := c.r.PathValue("credential")
	_, err = s.Directory.UpdateApp(a.AppID, func(a *directory.Application) error {
		left := slices.DeleteFunc(
			slices.Clone(a.Federated), func(f directory.FederatedCredential) bool { return f.ID == id })
		if len(left) == len(a.Federated) {
			return missing(id)
		}
		a.Federated = left
		return nil
	})
	return c.nothing(err)
}

// takeKeys takes the certificates of a change: those that are there, by their
// ID, and new ones with their key
// (learn.microsoft.com/graph/applications-how-to-add-certificate).
func takeKeys(fresh *directory.Application, old directory.Application) error {
	for i := range fresh.KeyCredentials {
		k := &fresh.KeyCredentials[i]
		if at := slices.IndexFunc(
			old.KeyCredentials, func(o directory.KeyCredential) bool { return o.KeyID == k.KeyID }); at >= 0 {
			*k = old.KeyCredentials[at]
			continue
		}
		if k.Key == nil || k.Type != "AsymmetricX509Cert" || k.Usage != "Verify" {
			return &Problem{http.StatusBadRequest, "Request_BadRequest",
				"Invalid value specified for property 'keyCredentials' of resource 'Application'."}
		}
		if _, err := base64.StdEncoding.DecodeString(*k.Key); err != nil {
			return &Problem{http.StatusBadRequest, "Request_BadRequest",
				"Invalid value specified for property 'key' of resource 'KeyCredential'."}
		}
		k.KeyID, k.Key = entra.NewGUID(), nil
		if k.StartDateTime.IsZero() {
			k.StartDateTime = time.Now().UTC()
		}
		if k.EndDateTime.IsZero() {
			k.EndDateTime = k.StartDateTime.AddDate(1, 0, 0)
		}
	}
	return nil
}
