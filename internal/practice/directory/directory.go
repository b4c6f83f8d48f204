package directory

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"entrada/internal/entra"
	"entrada/internal/practice/statefile"
)

// Error is a refusal by the directory; Code is the one that Graph gives.
type Error struct{ Code, Message string }

// Error implements error.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

func refuse(code, format string, args ...any) error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...)}
}

func notFound(id string) error {
	return refuse(
		"Request_ResourceNotFound",
		"Resource '%s' does not exist or one of its queried reference-property objects are not present.", id)
}

// Rules are the settings that change while the tenant runs. Any may be nil.
type Rules struct {
	Now         func() time.Time
	Delay       func() time.Duration                         // replication: how long a new object stays unseen
	SecretRule  func() (blocked bool, longest time.Duration) // app management policy
	Registering func() bool                                  // may every user register apps?
	Changed     func()                                       // told after every change
}

// Directory is a handle on the state. The zero value is of no use; see [New].
type Directory struct {
	*state
	primary bool // sees what has not replicated yet
}

type state struct {
	mu      statefile.Mutex
	rules   Rules
	tenants []*organisation
	byName  map[string]*organisation // ID and lower-case domains
	apps    map[string]*Application  // all registrations by client ID
	signIns []SignIn
}

// organisation is what one tenant holds. Slices keep the order of creation.
type organisation struct {
	Tenant
	users       []*User
	byUser      map[string]*User // object ID and lower-case address
	sps         []*ServicePrincipal
	grants      []*Grant
	assignments []*Assignment
}

// New makes an empty directory that knows Microsoft's own applications.
func New(rules Rules) Directory {
	if rules.Now == nil {
		rules.Now = time.Now
	}
	if rules.Delay == nil {
		rules.Delay = func() time.Duration { return 0 }
	}
	if rules.SecretRule == nil {
		rules.SecretRule = func() (bool, time.Duration) { return false, 0 }
	}
	if rules.Registering == nil {
		rules.Registering = func() bool { return true }
	}
	s := &state{mu: statefile.Mutex{Tell: rules.Changed}, rules: rules, byName: map[string]*organisation{},
		apps: map[string]*Application{}}
	for _, a := range firstParty() {
		s.apps[a.AppID] = a
	}
	return Directory{state: s}
}

// Primary is a handle that sees every object at once, as the portal and whoever
// wrote it do; the plain handle sees new ones only once they have replicated.
func (d Directory) Primary() Directory { return Directory{d.state, true} }

func (d Directory) sees(visible time.Time) bool {
	return d.primary || !d.rules.Now().Before(visible)
}

func (s *state) visibleFrom() time.Time {
	if delay := s.rules.Delay(); delay > 0 {
		return s.rules.Now().Add(delay)
	}
	return time.Time{}
}

// Now is the time in the practice tenant.
func (d Directory) Now() time.Time { return d.rules.Now().UTC() }

// AnyoneRegisters reports whether every user may register apps.
func (d Directory) AnyoneRegisters() bool { return d.rules.Registering() }

// SecretRule tells what the app management policy says about client secrets.
func (d Directory) SecretRule() (blocked bool, longest time.Duration) { return d.rules.SecretRule() }

// Tenants lists the organisations in order of creation.
func (d Directory) Tenants() []Tenant {
	d.mu.RLock()
	defer d.mu.RUnlock()
	out := make([]Tenant, len(d.tenants))
	for i, o := range d.tenants {
		out[i] = o.Tenant
	}
	return out
}

// TenantNamed finds an organisation by ID or verified domain.
func (d Directory) TenantNamed(name string) (Tenant, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if o := d.byName[strings.ToLower(name)]; o != nil {
		return o.Tenant, true
	}
	return Tenant{}, false
}

// Users lists a tenant's accounts.
func (d Directory) Users(tenantID string) []*User {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if o := d.byName[tenantID]; o != nil {
		return slices.Clone(o.users)
	}
	return nil
}

// User finds an account of a tenant by object ID or address.
func (d Directory) User(tenantID, name string) (*User, bool) {
	d.mu.RLock()
	defer d.mu.RUnlock()
	if o := d.byName[tenantID]; o != nil {
		u, ok := o.byUser[strings.ToLower(name)]
		return u, ok
	}
	return nil, false
}

// Account finds an account by address in whichever tenant owns its domain.
func (d Directory) Account(address string) (*User, bool) {
	at := strings.LastIndexByte(address, '@')
	t, ok := d.TenantNamed(address[at+1:])
	if !ok {
		return nil, false
	}
	return d.User(t.ID, address)
}

// AddTenant makes an organisation.
func (d Directory) AddTenant(t Tenant) Tenant {
	d.mu.Lock()
	defer d.mu.Unlock()
	t.ID, t.Created = entra.NewGUID(), d.rules.Now().UTC()
	o := &organisation{Tenant: t, byUser: map[string]*User{}}
	d.tenants = append(d.tenants, o)
	d.byName[t.ID] = o
	d.byName[strings.ToLower(t.Domain)] = o
	d.byName[strings.ToLower(t.Initial)] = o
	for _, a := range firstParty() {
		d.addServicePrincipal(o, d.apps[a.AppID], time.Time{})
	}
	return t
}

// AddUser makes an account.
func (d Directory) AddUser(u User) *User {
	d.mu.Lock()
	defer d.mu.Unlock()
	u.ID = entra.NewGUID()
	o := d.byName[u.TenantID]
	o.users = append(o.users, &u)
	o.byUser[u.ID], o.byUser[strings.ToLower(u.Address)] = &u, &u
	return &u
}

// LogSignIn adds to the sign-in log.
func (d Directory) LogSignIn(s SignIn) {
	d.mu.Lock()
	defer d.mu.Unlock()
	s.Time = d.rules.Now().UTC()
	// A long-lived practice tenant must not grow for ever.
	if len(d.signIns) >= 10_000 {
		d.signIns = slices.Delete(d.signIns, 0, 1_000)
	}
	d.signIns = append(d.signIns, s)
}

// SignIns is the log, oldest first.
func (d Directory) SignIns() []SignIn {
	d.mu.RLock()
	defer d.mu.RUnlock()
	return slices.Clone(d.signIns)
}
