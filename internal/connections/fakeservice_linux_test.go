package connections

import (
	"context"
	"net"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/godbus/dbus/v5"

	"entrada/internal/fault"
)

// fakeService is an org.freedesktop.secrets of our own on a private bus, which
// behaves well or as badly as real ones have been seen to.
type fakeService struct {
	conn *dbus.Conn

	mu         sync.Mutex
	item       []byte // the one item; nil: none
	username   string
	unlocks    int
	locked     bool
	wrongType  bool          // the list of collections is of another type
	dismisses  bool          // creating an item asks, and the person says no
	gives      int           // how often secrets were given out one by one
	noMany     bool          // it does not know how to give out several at once
	silent     chan struct{} // no property is answered before this closes
	slow       chan struct{} // no item is created before this closes
	vanishes   bool          // it leaves the bus instead of creating an item
	begun      chan struct{} // closed when the first item is to be created
	beginsOnce sync.Once
}

const (
	fakeSession = dbus.ObjectPath("/org/freedesktop/secrets/session/1")
	fakeItem    = dbus.ObjectPath("/org/freedesktop/secrets/collection/login/1")
	fakePrompt  = dbus.ObjectPath("/org/freedesktop/secrets/prompt/1")
	noPrompt    = dbus.ObjectPath("/")
)

type wireSecret struct {
	Session     dbus.ObjectPath
	Parameters  []byte
	Value       []byte
	ContentType string
}

// serve puts a fake on the bus that was told how to behave.
func serve(t *testing.T, f *fakeService) *fakeService {
	t.Helper()
	f.conn, f.begun = privateBus(t), make(chan struct{})
	for path, face := range map[dbus.ObjectPath]map[string]any{
		secretsPath: {serviceIface: fakeMain{f}, "org.freedesktop.DBus.Properties": fakeProperties{f}},
		loginPath: {"org.freedesktop.Secret.Collection": fakeCollection{f},
			"org.freedesktop.DBus.Properties": fakeProperties{f}},
		fakeItem:    {"org.freedesktop.Secret.Item": fakeItemFace{f}},
		fakeSession: {"org.freedesktop.Secret.Session": fakeSessionFace{}},
		fakePrompt:  {"org.freedesktop.Secret.Prompt": fakePromptFace{f}},
	} {
		for name, v := range face {
			must(t, f.conn.Export(v, path, name))
		}
	}
	reply, err := f.conn.RequestName(secretsName, dbus.NameFlagDoNotQueue)
	must(t, err)
	if reply != dbus.RequestNameReplyPrimaryOwner {
		t.Fatal("the name is taken")
	}
	return f
}

type fakeMain struct{ f *fakeService }

func (m fakeMain) OpenSession(string, dbus.Variant) (dbus.Variant, dbus.ObjectPath, *dbus.Error) {
	return dbus.MakeVariant(""), fakeSession, nil
}

func (m fakeMain) ReadAlias(string) (dbus.ObjectPath, *dbus.Error) { return loginPath, nil }

func (m fakeMain) Unlock(paths []dbus.ObjectPath) ([]dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	m.f.mu.Lock()
	defer m.f.mu.Unlock()
	m.f.unlocks++
	if m.f.locked {
		return []dbus.ObjectPath{}, fakePrompt, nil
	}
	return paths, noPrompt, nil
}

// GetSecrets leaves out what is locked, as real ones do.
func (m fakeMain) GetSecrets(items []dbus.ObjectPath, session dbus.ObjectPath) (map[dbus.ObjectPath]wireSecret,
	*dbus.Error) {
	m.f.mu.Lock()
	defer m.f.mu.Unlock()
	if m.f.noMany {
		return nil, dbus.NewError("org.freedesktop.DBus.Error.UnknownMethod", nil)
	}
	secrets := map[dbus.ObjectPath]wireSecret{}
	if slices.Contains(items, fakeItem) && !m.f.locked {
		secrets[fakeItem] = wireSecret{session, []byte{}, m.f.item, "text/plain"}
	}
	return secrets, nil
}

type fakeProperties struct{ f *fakeService }

func (p fakeProperties) Get(_, name string) (dbus.Variant, *dbus.Error) {
	p.f.mu.Lock()
	silent, wrong, locked := p.f.silent, p.f.wrongType, p.f.locked
	p.f.mu.Unlock()
	if silent != nil {
		<-silent
	}
	switch {
	case name == "Locked":
		return dbus.MakeVariant(locked), nil
	case wrong:
		return dbus.MakeVariant("login"), nil
	}
	return dbus.MakeVariant([]dbus.ObjectPath{loginPath}), nil
}

type fakeCollection struct{ f *fakeService }

func (c fakeCollection) SearchItems(attributes map[string]string) ([]dbus.ObjectPath, *dbus.Error) {
	c.f.mu.Lock()
	defer c.f.mu.Unlock()
	if c.f.item == nil || attributes["username"] != c.f.username {
		return []dbus.ObjectPath{}, nil
	}
	return []dbus.ObjectPath{fakeItem}, nil
}

func (c fakeCollection) CreateItem(properties map[string]dbus.Variant, s wireSecret, _ bool) (dbus.ObjectPath,
	dbus.ObjectPath, *dbus.Error) {
	c.f.beginsOnce.Do(func() { close(c.f.begun) })
	c.f.mu.Lock()
	slow, vanishes, dismisses := c.f.slow, c.f.vanishes, c.f.dismisses
	c.f.mu.Unlock()
	if slow != nil {
		<-slow
	}
	if vanishes {
		_ = c.f.conn.Close()
		return noPrompt, noPrompt, nil
	}
	if dismisses {
		return noPrompt, fakePrompt, nil
	}
	c.f.mu.Lock()
	defer c.f.mu.Unlock()
	attributes, _ := properties["org.freedesktop.Secret.Item.Attributes"].Value().(map[string]string)
	c.f.item, c.f.username = s.Value, attributes["username"]
	return fakeItem, noPrompt, nil
}

type fakeItemFace struct{ f *fakeService }

func (i fakeItemFace) GetSecret(session dbus.ObjectPath) (wireSecret, *dbus.Error) {
	i.f.mu.Lock()
	defer i.f.mu.Unlock()
	i.f.gives++
	return wireSecret{session, []byte{}, i.f.item, "text/plain"}, nil
}

func (i fakeItemFace) Delete() (dbus.ObjectPath, *dbus.Error) {
	i.f.mu.Lock()
	defer i.f.mu.Unlock()
	i.f.item = nil
	return noPrompt, nil
}

type fakeSessionFace struct{}

func (fakeSessionFace) Close() *dbus.Error { return nil }

type fakePromptFace struct{ f *fakeService }

// Prompt is dismissed at once.
func (p fakePromptFace) Prompt(string) *dbus.Error {
	_ = p.f.conn.Emit(fakePrompt, "org.freedesktop.Secret.Prompt.Completed", true,
		dbus.MakeVariant([]dbus.ObjectPath{}))
	return nil
}

func (f *fakeService) has() bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.item != nil
}

func (f *fakeService) prompted() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.unlocks
}

func (f *fakeService) givenOneByOne() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.gives
}

func (f *fakeService) holds(prefix string) bool {
	f.mu.Lock()
	defer f.mu.Unlock()
	return strings.HasPrefix(string(f.item), prefix)
}

// K03, K04, K05, K08 and K15, each as a Secret Service that behaves so.
func TestFakeServices(t *testing.T) {
	if !onOwnBus(t) {
		return
	}
	quick := func() *guarded { return newGuarded(library{}, probeSystem, 300*time.Millisecond, 3*time.Second) }
	ctx := t.Context()

	t.Run("good, which proves the fake", func(t *testing.T) {
		f := serve(t, &fakeService{})
		kc := SystemKeychain()
		must(t, kc.Probe(ctx))
		must(t, kc.Set(ctx, account, firstSecret))
		got, err := kc.Get(ctx, account)
		if err != nil || !got.Equal(firstSecret) || !f.holds("v1:") {
			t.Fatal("another secret came back", err)
		}
		must(t, kc.Delete(ctx, account))
		if f.has() {
			t.Error("not deleted")
		}
	})

	two := []string{account, account[:len(account)-1] + "0"}
	t.Run("gives out several at once", func(t *testing.T) {
		f, kc := serve(t, &fakeService{}), quick()
		must(t, kc.Set(ctx, account, firstSecret))
		before := f.givenOneByOne()
		got, err := kc.GetMany(ctx, two)
		if err != nil || len(got) != 1 || !got[account].Equal(firstSecret) {
			t.Errorf("%d secrets came, %v", len(got), err)
		}
		if n := f.givenOneByOne(); n != before {
			t.Errorf("%d were read one by one", n-before)
		}
	})

	t.Run("does not know of several at once", func(t *testing.T) {
		f, kc := serve(t, &fakeService{noMany: true}), quick()
		s := open(t, folder(t), kc)
		r, err := s.Save(ctx, sample(0), firstSecret)
		must(t, err)
		got, err := s.SecretsAtHand(ctx, []string{r.ID, "another"})
		if err != nil || len(got) != 0 {
			t.Errorf("%d secrets came, %v", len(got), err)
		}
		before := f.givenOneByOne()
		if v, err := s.Secret(ctx, r.ID); err != nil || !v.Equal(firstSecret) || f.givenOneByOne() != before+1 {
			t.Error("the library did not read it either", err)
		}
	})

	// K03
	t.Run("never answers", func(t *testing.T) {
		f := serve(t, &fakeService{silent: make(chan struct{})})
		defer close(f.silent)
		began := time.Now()
		wantKind(t, quick().Probe(ctx), fault.KeychainTimedOut)
		_, err := quick().Get(ctx, account)
		wantKind(t, err, fault.KeychainTimedOut)
		wantKind(t, quick().Set(ctx, account, firstSecret), fault.KeychainTimedOut)
		_, err = quick().GetMany(ctx, two)
		wantKind(t, err, fault.KeychainTimedOut)
		if took := time.Since(began); took > 3*time.Second {
			t.Errorf("it took %v", took)
		}
	})

	t.Run("answers late", func(t *testing.T) {
		f := serve(t, &fakeService{slow: make(chan struct{})})
		kc := quick()
		cancellable, cancel := context.WithCancel(ctx)
		go func() { <-f.begun; cancel() }()
		wantKind(t, kc.Set(cancellable, account, firstSecret), fault.Cancelled)
		close(f.slow)
		// The next call has its turn after the late one was put right.
		_, err := kc.Get(ctx, account)
		wantKind(t, err, fault.KeychainMissing)
		if f.has() {
			t.Error("a save that was given up stayed")
		}
	})

	// K04 and K08
	t.Run("prompt dismissed when saving", func(t *testing.T) {
		f := serve(t, &fakeService{dismisses: true})
		wantKind(t, quick().Set(ctx, account, firstSecret), fault.KeychainDeclined)
		f.mu.Lock()
		f.item, f.username = []byte("v1:b2xk"), account
		f.mu.Unlock()
		wantKind(t, quick().Set(ctx, account, firstSecret), fault.KeychainDeclined)
	})

	// K05
	t.Run("locked", func(t *testing.T) {
		f := serve(t, &fakeService{locked: true})
		wantKind(t, quick().Probe(ctx), fault.KeychainLocked)
		_, err := quick().Get(WithoutPrompt(ctx), account)
		wantKind(t, err, fault.KeychainLocked)
		_, err = quick().GetMany(WithoutPrompt(ctx), two)
		wantKind(t, err, fault.KeychainLocked)
		f.mu.Lock()
		f.item, f.username = []byte("v1:b2xk"), account
		f.mu.Unlock()
		// Where the person may be asked, that is left to reading one by one.
		if got, err := quick().GetMany(ctx, two); err != nil || len(got) != 0 {
			t.Errorf("%d secrets came, %v", len(got), err)
		}
		if f.prompted() != 0 {
			t.Error("it tried to unlock, which prompts")
		}
		_, err = quick().Get(ctx, account) // prompts, and the person says no
		wantKind(t, err, fault.KeychainLocked)
		if n := f.prompted(); n != 1 {
			t.Errorf("it prompted %d times", n)
		}
	})

	// K15
	t.Run("answers in another type", func(t *testing.T) {
		serve(t, &fakeService{wrongType: true})
		wantKind(t, quick().Probe(ctx), fault.KeychainUnavailable)
		wantKind(t, quick().Set(ctx, account, firstSecret), fault.KeychainUnavailable)
		// Without the look beforehand, the library panics on this.
		unprobed := newGuarded(library{}, ready, time.Second, time.Second)
		_, err := unprobed.Get(ctx, account)
		wantKind(t, err, fault.KeychainUnavailable)
	})

	t.Run("vanishes", func(t *testing.T) {
		serve(t, &fakeService{vanishes: true})
		began := time.Now()
		err := quick().Set(ctx, account, firstSecret)
		if !fault.Is(err, fault.KeychainUnavailable, fault.KeychainTimedOut) {
			t.Error(err)
		}
		if took := time.Since(began); took > 2*time.Second {
			t.Errorf("it took %v", took)
		}
	})
}

// deafSocket is one that takes connections and never says a word.
func deafSocket(t *testing.T) string {
	t.Helper()
	path := filepath.Join(folder(t), "bus")
	l, err := net.Listen("unix", path)
	must(t, err)
	t.Cleanup(func() { _ = l.Close() })
	return path
}
