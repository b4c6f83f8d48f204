package connections

import (
	"strings"
	"testing"

	"entrada/internal/fault"
)

// A name changes nothing but itself, is on one line, and is nobody else's.
func TestRename(t *testing.T) {
	dir, kc := folder(t), MemoryKeychain()
	s := open(t, dir, kc)
	first, err := s.Save(t.Context(), sample(0), firstSecret)
	must(t, err)
	second, err := s.Save(t.Context(), sample(1), firstSecret)
	must(t, err)
	session := s.KeepForSession(
		Record{VendorName: "Short", ClientID: "44444444-52a7-4c1d-9b0e-7d2f4a8c6e10"}, firstSecret)
	for _, name := range []string{"", " \t", strings.Repeat("x", MaxName+1), second.Name, strings.ToUpper(second.Name),
		session.Name} {
		if _, err := s.Rename(first.ID, name); !fault.Is(err, fault.InvalidInput) || fault.Sentence(err) == "" {
			t.Errorf("%q: %v", name, err)
		}
	}
	for _, id := range []string{first.ID, session.ID} {
		was, _ := s.Get(id)
		now, err := s.Rename(id, " Berlin\noffice "+id)
		must(t, err)
		was.Name = "Berlin office " + id
		if now.Name != was.Name || now.ID != was.ID || now.SecretFingerprint != was.SecretFingerprint {
			t.Errorf("%+v", now)
		}
		if v, err := s.Secret(t.Context(), id); err != nil || !v.Equal(firstSecret) {
			t.Error("another secret", err)
		}
	}
	again := open(t, dir, kc)
	if found := again.Find("Berlin office"); len(found) != 1 || found[0].ID != first.ID {
		t.Errorf("%+v", found)
	}
	must(t, again.Remove(t.Context(), first.ID))
	if _, err := s.Rename(first.ID, "Late"); !fault.Is(err, fault.InvalidInput) {
		t.Error(err)
	}
}
