package practice

import (
	"maps"
	"net/http"
	"strings"
	"sync"

	"entrada/internal/practice/directory"
	"entrada/internal/practice/faults"
	"entrada/internal/practice/mailboxes"
)

// Info is what a person or script needs to know to use the practice tenant.
type Info struct {
	Login    string       `json:"login"`
	Graph    string       `json:"graph"`
	Portal   string       `json:"portal"`
	TLS      *TLSInfo     `json:"tls,omitempty"`
	Tenants  []TenantInfo `json:"tenants"`
	AdminApp AdminApp     `json:"adminApp"`
}

// AdminApp is an application with administrator roles, for scripts.
type AdminApp struct {
	ClientID     string `json:"clientId"`
	ClientSecret string `json:"clientSecret"`
	TenantID     string `json:"tenantId"`
}

// TenantInfo is one pretend organisation.
type TenantInfo struct {
	ID       string        `json:"id"`
	Domain   string        `json:"domain"`
	Name     string        `json:"name"`
	Accounts []AccountInfo `json:"accounts"`
}

// AccountInfo is one account to sign in with; none has a password.
type AccountInfo struct {
	Address  string `json:"address"`
	Name     string `json:"name"`
	Role     string `json:"role"`
	Mailbox  string `json:"mailbox"` // cloud, shared, none, on-premises
	Password string `json:"password,omitempty"`
}

// Info tells the addresses, the accounts and the administrator app.
func (s *Server) Info() Info {
	i := Info{Login: s.cloud.Login, Graph: s.cloud.Graph, Portal: s.cloud.Portal, TLS: s.tls,
		AdminApp: AdminApp{s.admin.ClientID, s.admin.ClientSecret, s.admin.TenantID}}
	for _, t := range s.dir.Tenants() {
		i.Tenants = append(i.Tenants, s.tenantInfo(t))
	}
	return i
}

func (s *Server) tenantInfo(t directory.Tenant) TenantInfo {
	i := TenantInfo{ID: t.ID, Domain: t.Domain, Name: t.Name}
	for _, u := range s.dir.Users(t.ID) {
		i.Accounts = append(
			i.Accounts, AccountInfo{Address: u.Address, Name: u.Name, Role: u.RoleName(), Mailbox: string(u.Mailbox)})
	}
	return i
}

// State is what really happened, for tests to assert on.
type State struct {
	Tenants            []TenantInfo       `json:"tenants"`
	Applications       []AppState         `json:"applications"`
	ServicePrincipals  []PrincipalState   `json:"servicePrincipals"`
	Grants             []GrantState       `json:"grants"`
	AppRoleAssignments []AssignmentState  `json:"appRoleAssignments"`
	Mails              []mailboxes.Mail   `json:"mails"`
	Events             EventState         `json:"events"`
	SignIns            []directory.SignIn `json:"signIns"`
	Requests           map[string]int     `json:"requests"` // "graph GET /v1.0/me": 3
	Faults             []string           `json:"faults"`
}

// AppState is a registration with all its properties.
type AppState struct {
	directory.Application
	TenantID string        `json:"tenantId"`
	Owners   []string      `json:"owners"`
	Secrets  []SecretState `json:"secrets"`
}

// SecretState is a client secret, known by its hash alone.
type SecretState struct {
	KeyID       string  `json:"keyId"`
	DisplayName *string `json:"displayName"`
	Hint        string  `json:"hint"`
	EndDateTime string  `json:"endDateTime"`
	SHA256      string  `json:"sha256"`
}

// PrincipalState is an app's presence in a tenant.
type PrincipalState struct {
	ID                        string   `json:"id"`
	AppID                     string   `json:"appId"`
	TenantID                  string   `json:"tenantId"`
	DisplayName               string   `json:"displayName"`
	AccountEnabled            bool     `json:"accountEnabled"`
	AppRoleAssignmentRequired bool     `json:"appRoleAssignmentRequired"`
	Tags                      []string `json:"tags"`
}

// GrantState is a delegated consent with the client IDs of both sides.
type GrantState struct {
	directory.Grant
	TenantID      string `json:"tenantId"`
	ClientAppID   string `json:"clientAppId"`
	ResourceAppID string `json:"resourceAppId"`
	Principal     string `json:"principal"` // the user's address, "" for everybody
}

// AssignmentState is an app role assignment in names.
type AssignmentState struct {
	directory.Assignment
	TenantID       string `json:"tenantId"`
	PrincipalAppID string `json:"principalAppId"`
	ResourceAppID  string `json:"resourceAppId"`
	Role           string `json:"role"`
}

// EventState tells which calendar entries exist and which were deleted.
type EventState struct {
	Live         []mailboxes.Record `json:"live"`
	Deleted      []mailboxes.Record `json:"deleted"`
	DeletedCount int                `json:"deletedCount"`
}

// State takes a picture of everything.
func (s *Server) State() State {
	d := s.dir.Primary()
	st := State{
		Applications: []AppState{}, ServicePrincipals: []PrincipalState{}, Grants: []GrantState{},
		AppRoleAssignments: []AssignmentState{},
		Mails:              s.mail.Mails(), SignIns: d.SignIns(), Requests: s.counts.copy(), Faults: s.board.Active(),
	}
	st.Events.Live, st.Events.Deleted = s.mail.EventRecords()
	st.Events.DeletedCount = len(st.Events.Deleted)
	for _, t := range d.Tenants() {
		st.Tenants = append(st.Tenants, s.tenantInfo(t))
		s.addTenantState(d, t, &st)
	}
	return st
}

func (s *Server) addTenantState(d directory.Directory, t directory.Tenant, st *State) {
	for _, a := range d.Apps(t.ID) {
		st.Applications = append(st.Applications, appState(a))
	}
	principals := map[string]*directory.ServicePrincipal{}
	for _, sp := range d.ServicePrincipals(t.ID) {
		principals[sp.ID] = sp
		st.ServicePrincipals = append(
			st.ServicePrincipals,
			PrincipalState{sp.ID, sp.AppID, t.ID, sp.DisplayName, sp.AccountEnabled, sp.AppRoleAssignmentRequired,
				sp.Tags})
	}
	appID := func(id string) string {
		if sp := principals[id]; sp != nil {
			return sp.AppID
		}
		return ""
	}
	for _, g := range d.Grants(t.ID) {
		gs := GrantState{Grant: *g, TenantID: t.ID, ClientAppID: appID(g.ClientID), ResourceAppID: appID(g.ResourceID)}
		if g.PrincipalID != nil {
			if u, ok := d.User(t.ID, *g.PrincipalID); ok {
				gs.Principal = u.Address
			}
		}
		st.Grants = append(st.Grants, gs)
	}
	for _, a := range d.Assignments(t.ID) {
		as := AssignmentState{Assignment: *a, TenantID: t.ID, PrincipalAppID: appID(a.PrincipalID),
			ResourceAppID: appID(a.ResourceID)}
		if sp := principals[a.ResourceID]; sp != nil {
			if role, ok := sp.Role(a.AppRoleID); ok {
				as.Role = role.Value
			}
		}
		st.AppRoleAssignments = append(st.AppRoleAssignments, as)
	}
}

func appState(a *directory.Application) AppState {
	as := AppState{Application: *a, TenantID: a.TenantID, Owners: a.Owners, Secrets: []SecretState{}}
	for _, c := range a.PasswordCredentials {
		as.Secrets = append(
			as.Secrets, SecretState{c.KeyID, c.DisplayName, c.Hint, c.EndDateTime.Format("2006-01-02T15:04:05Z"),
				c.SHA256})
	}
	return as
}

// control is what the portal offers under /_practice/.
func (s *Server) control() portalControl {
	return portalControl{state: func() any { return s.State() }, board: s.board}
}

type portalControl struct {
	state func() any
	board *faults.Board
}

func (c portalControl) State() any                       { return c.state() }
func (c portalControl) Table() []faults.Fault            { return faults.Table() }
func (c portalControl) Active() []string                 { return c.board.Active() }
func (c portalControl) Set(spec string, on bool) error   { return c.board.Set(spec, on) }
func (c portalControl) Value(name string) (string, bool) { return c.board.Value(name) }

// counter counts requests by room and route.
type counter struct {
	mu sync.Mutex
	n  map[string]int
}

func (c *counter) add(room string, r *http.Request) {
	route := r.Pattern // set by the room's mux
	if route == "" {
		route = r.Method + " (no such route)"
	} else if !strings.Contains(route, " ") {
		route = r.Method + " " + route
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.n == nil {
		c.n = map[string]int{}
	}
	c.n[room+" "+route]++
}

func (c *counter) copy() map[string]int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return maps.Clone(c.n)
}
