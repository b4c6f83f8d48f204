package portal

import (
	"net/http"
	"slices"
	"strings"

	"entrada/internal/entra"
	"entrada/internal/practice/directory"
)

func (s *Server) exposePage(v *visit) {
	s.expose(v, http.StatusOK, v.r.URL.Query().Get("pane"), "")
}

func (s *Server) expose(v *visit, status int, pane, problem string) {
	uri := ""
	if len(v.app.IdentifierURIs) > 0 {
		uri = v.app.IdentifierURIs[0]
	}
	// As in the portal, "Add a scope" first asks for the application ID URI.
	if pane == "scope" && uri == "" {
		pane = "uri-first"
	}
	s.show(v.w, status, "expose",
		v.fill(page{Title: v.app.DisplayName + " | Expose an API", Menu: "expose", Data: map[string]any{
			"URI": uri, "Suggested": "api://" + v.app.AppID, "Pane": pane, "Problem": problem,
			"Scopes": v.app.API.OAuth2PermissionScopes,
			"Value":  v.r.PostFormValue("scopeName"), "Title": v.r.PostFormValue("adminTitle"),
			"Text": v.r.PostFormValue("adminDescription"),
		}}))
}

func (s *Server) setIdentifier(v *visit) {
	uri := strings.TrimSpace(v.r.PostFormValue("identifierUri"))
	_, err := s.Directory.UpdateApp(v.app.AppID, func(a *directory.Application) error {
		a.IdentifierURIs = []string{uri}
		return nil
	})
	if err != nil {
		s.expose(v, http.StatusBadRequest, "uri", message(err))
		return
	}
	next := "expose"
	if v.r.PostFormValue("then") == "scope" {
		next = "expose?pane=scope"
	}
	v.done(v.page(next))
}

func (s *Server) addScope(v *visit) {
	kind := "Admin"
	if v.r.PostFormValue("who") == "users" {
		kind = "User"
	}
	scope := directory.PermissionScope{
		ID: entra.NewGUID(), Value: strings.TrimSpace(v.r.PostFormValue("scopeName")), Type: kind,
		IsEnabled:               v.r.PostFormValue("state") != "disabled",
		AdminConsentDisplayName: strings.TrimSpace(v.r.PostFormValue("adminTitle")),
		AdminConsentDescription: strings.TrimSpace(v.r.PostFormValue("adminDescription")),
	}
	if scope.Value == "" || scope.AdminConsentDisplayName == "" || scope.AdminConsentDescription == "" {
		s.expose(v, http.StatusBadRequest, "scope",
			"The scope name, the admin consent display name and the admin consent description can't be empty.")
		return
	}
	_, err := s.Directory.UpdateApp(v.app.AppID, func(a *directory.Application) error {
		a.API.OAuth2PermissionScopes = append(slices.Clone(a.API.OAuth2PermissionScopes), scope)
		return nil
	})
	if err != nil {
		s.expose(v, http.StatusBadRequest, "scope", message(err))
		return
	}
	v.done(v.page("expose"))
}
