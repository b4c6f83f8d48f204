package graphapi

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"entrada/internal/practice/directory"
	"entrada/internal/practice/faults"
)

func (s *Server) applicationRoutes() {
	s.handle("GET /v1.0/applications", readApps, func(c *call) error {
		return c.many("applications", objects(s.Directory.Apps(c.tenant.ID)), 100)
	})
	s.handle("POST /v1.0/applications", writeApps, s.createApp)
	s.handle("GET /v1.0/applications/{id}", readApps, func(c *call) error {
		a, err := s.app(c)
		if err != nil {
			return err
		}
		return c.one(http.StatusOK, "applications/$entity", object(a))
	})
	s.handle("GET /v1.0/applications/{id}/{property}", readApps, func(c *call) error {
		a, err := s.app(c)
		if err != nil {
			return err
		}
		return c.property("applications", object(a))
	})
	s.handle("PATCH /v1.0/applications/{id}", writeApps, s.updateApp)
	s.handle("DELETE /v1.0/applications/{id}", writeApps, func(c *call) error {
		a, err := s.managed(c)
		if err == nil {
			err = s.Directory.DeleteApp(a.AppID)
		}
		return c.nothing(err)
	})
	s.handle("POST /v1.0/applications/{id}/addPassword", writeApps, s.addPassword)
	s.handle("POST /v1.0/applications/{id}/removePassword", writeApps, s.removePassword)
	s.holderRoutes()
}

// nothing answers 204, or with the error.
func (c *call) nothing(err error) error {
	if err == nil {
		c.w.WriteHeader(http.StatusNoContent)
	}
	return err
}

// app finds the registration that the address names: by object ID, or by
// (appId='…') or (uniqueName='…').
func (s *Server) app(c *call) (*directory.Application, error) {
	ref := c.r.PathValue("id")
	name, value, keyed := strings.Cut(strings.TrimSuffix(ref, "'"), "='")
	a, ok := s.Directory.FindApp(c.tenant.ID, func(a *directory.Application) bool {
		switch {
		case !keyed:
			return a.ID == ref
		case name == "appId":
			return strings.EqualFold(a.AppID, value)
		case name == "uniqueName":
			return a.UniqueName != nil && *a.UniqueName == value
		}
		return false
	})
	if !ok {
		return nil, missing(ref)
	}
	return a, nil
}

// managed finds the registration and checks that the caller may change it: an
// administrator of apps, or an owner.
func (s *Server) managed(c *call) (*directory.Application, error) {
	a, err := s.app(c)
	if err != nil {
		return nil, err
	}
	switch {
	case c.token.AppOnly() && slices.Contains(c.token.Roles, "Application.ReadWrite.All"),
		c.token.AppOnly() && slices.Contains(a.Owners, c.token.UserID),
		!c.token.AppOnly() && (c.user.ManagesApps() || slices.Contains(a.Owners, c.user.ID)):
		return a, nil
	}
	return nil, errPrivileges
}

func (s *Server) mayRegister(c *call) bool {
	return c.token.AppOnly() || c.user.ManagesApps() || c.user.HasRole(directory.RoleApplicationDeveloper) ||
		s.Directory.AnyoneRegisters()
}

// owner of what a caller creates. Holders of an administrator role are not made
// owners, as their role gives them every right already.
func owner(c *call) string {
	if c.token.AppOnly() || !c.user.ManagesApps() {
		return c.token.UserID
	}
	return ""
}

func (s *Server) createApp(c *call) error {
	if !s.mayRegister(c) {
		return errPrivileges
	}
	body, err := c.body()
	if err != nil {
		return err
	}
	a, err := s.makeApp(c, body)
	if err != nil {
		return err
	}
	return c.one(http.StatusCreated, "applications/$entity", object(a))
}

func (s *Server) makeApp(c *call, body map[string]any) (*directory.Application, error) {
	var a directory.Application
	if err := patched(&a, directory.Application{}, body); err != nil {
		return nil, err
	}
	return s.Directory.AddApp(c.tenant.ID, owner(c), a)
}

// readOnly properties may stand in a body that was read and sent back; they
// change nothing.
var readOnly = []string{"id", "appId", "createdDateTime", "publisherDomain", "deletedDateTime"}

// patched merges a request body into a registration: objects merge, lists are
// replaced whole, as documented for PATCH.
func patched(into *directory.Application, old directory.Application, body map[string]any) error {
	known := object(old)
	for name, v := range body {
		if strings.HasPrefix(name, "@odata") {
			continue
		}
		if _, ok := known[name]; !ok {
			return &Problem{http.StatusBadRequest, "Request_BadRequest", "Invalid property '" + name + "'."}
		}
		if creds, _ := v.([]any); name == "passwordCredentials" && len(creds) > 0 {
			return &Problem{http.StatusBadRequest, "Request_BadRequest",
				"New password credentials must be generated with the addPassword action."}
		}
	}
	merged := mergeObjects(known, body)
	for _, name := range append(slices.Clone(readOnly), "passwordCredentials") {
		delete(merged, name)
	}
	data, err := json.Marshal(merged)
	if err != nil {
		return err
	}
	var fresh directory.Application
	if err := json.Unmarshal(data, &fresh); err != nil {
		return &Problem{http.StatusBadRequest, "Request_BadRequest",
			"Invalid value specified in the request body: " + err.Error()}
	}
	fresh.PasswordCredentials = old.PasswordCredentials // with their hashes
	if err := takeKeys(&fresh, old); err != nil {
		return err
	}
	*into = fresh
	return nil
}

func mergeObjects(old, changes map[string]any) map[string]any {
	out := map[string]any{}
	for k, v := range old {
		out[k] = v
	}
	for k, v := range changes {
		if strings.HasPrefix(k, "@odata") {
			continue
		}
		was, ok1 := out[k].(map[string]any)
		now, ok2 := v.(map[string]any)
		if ok1 && ok2 {
			v = mergeObjects(was, now)
		}
		out[k] = v
	}
	return out
}

// updateApp is PATCH. By uniqueName and with "Prefer: create-if-missing" it is
// the upsert: learn.microsoft.com/graph/api/application-upsert.
func (s *Server) updateApp(c *call) error {
	body, err := c.body()
	if err != nil {
		return err
	}
	ref := c.r.PathValue("id")
	if value, byName := strings.CutPrefix(ref, "uniqueName='"); byName &&
		strings.Contains(c.r.Header.Get("Prefer"), "create-if-missing") {
		if _, err := s.app(c); err != nil {
			if !s.mayRegister(c) {
				return errPrivileges
			}
			body["uniqueName"] = strings.TrimSuffix(value, "'")
			a, err := s.makeApp(c, body)
			if err != nil {
				return err
			}
			return c.one(http.StatusCreated, "applications/$entity", object(a))
		}
	}
	a, err := s.managed(c)
	if err != nil {
		return err
	}
	_, err = s.Directory.UpdateApp(a.AppID, func(a *directory.Application) error {
		owners, federated := a.Owners, a.Federated
		if err := patched(a, *a, body); err != nil {
			return err
		}
		a.Owners, a.Federated = owners, federated
		return nil
	})
	return c.nothing(err)
}

func (s *Server) addPassword(c *call) error {
	a, err := s.managed(c)
	if err != nil {
		return err
	}
	var in struct {
		PasswordCredential struct {
			DisplayName   *string    `json:"displayName"`
			StartDateTime *time.Time `json:"startDateTime"`
			EndDateTime   *time.Time `json:"endDateTime"`
		} `json:"passwordCredential"`
	}
	if c.r.ContentLength != 0 {
		body, err := c.body()
		if err != nil {
			return err
		}
		data, _ := json.Marshal(body)
		if err := json.Unmarshal(data, &in); err != nil {
			return &Problem{http.StatusBadRequest, "Request_BadRequest",
				"Invalid value specified for property 'passwordCredential'."}
		}
	}
	var start, end time.Time
	if v := in.PasswordCredential.StartDateTime; v != nil {
		start = *v
	}
	if v := in.PasswordCredential.EndDateTime; v != nil {
		end = *v
	}
	secret, err := s.Directory.AddSecret(a.AppID, in.PasswordCredential.DisplayName, start, end)
	if err != nil {
		return err
	}
	return c.one(http.StatusOK, "microsoft.graph.passwordCredential", object(secret))
}

func (s *Server) removePassword(c *call) error {
	a, err := s.managed(c)
	if err != nil {
		return err
	}
	body, err := c.body()
	if err != nil {
		return err
	}
	id, _ := body["keyId"].(string)
	return c.nothing(s.Directory.RemoveSecret(a.AppID, id))
}

func isoDays(d time.Duration) string { return fmt.Sprintf("P%dD", int(d.Hours()/24)) }

// consentPolicies names the policy that decides what users may consent to.
func (s *Server) consentPolicies() []string {
	if _, none := s.Faults.Value(faults.ConsentAdminOnly); none {
		return []string{}
	}
	return []string{"ManagePermissionGrantsForSelf.microsoft-user-default-recommended",
		"ManagePermissionGrantsForSelf.microsoft-user-default-allow-consent-apps"}
}
