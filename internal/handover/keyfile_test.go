package handover

import (
	"bytes"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"

	"filippo.io/age"
	"filippo.io/age/armor"

	"entrada/internal/agefile/agefiletest"
	"entrada/internal/fault"
	"entrada/internal/secret"
)

// A file closed for a key says so, and opens with that key alone.
func TestOpeningWithAKeyFile(t *testing.T) {
	key, _ := age.GenerateX25519Identity()
	other, _ := age.GenerateX25519Identity()
	forKey := must[[]byte](t)(EncryptedTo(sample(), key.Recipient().String()))
	forPass := must[[]byte](t)(Encrypted(sample(), passphrase))
	if k := must[Key](t)(KeyOf(forKey)); k != KeyIdentity {
		t.Error(k)
	}
	if k := must[Key](t)(KeyOf(forPass)); k != KeyPassphrase {
		t.Error(k)
	}
	if k := must[Key](t)(KeyOf(must[[]byte](t)(JSON(sample())))); k != KeyNone {
		t.Error(k)
	}
	_, err := KeyOf([]byte("%PDF-1.7"))
	wantKind(t, err, fault.FileCorrupt)

	text := "# created: today\n# public key: " + key.Recipient().String() + "\n" + key.String() + "\n"
	keys := func(text string) KeyFile { t.Helper(); return must[KeyFile](t)(NewKeyFile([]byte(text))) }
	for _, several := range []string{text, other.String() + "\n" + text} {
		if got := must[Package](t)(OpenWithKeyFile(forKey, keys(several))); !got.ClientSecret.Equal(clientSecret) {
			t.Error("another secret")
		}
	}
	_, err = OpenWithKeyFile(forKey, keys(other.String()))
	wantKind(t, err, fault.InvalidInput)
	_, err = OpenWithKeyFile(forPass, keys(key.String()))
	wantKind(t, err, fault.InvalidInput)
	for _, none := range []string{"", "x", key.Recipient().String(), "AGE-PLUGIN-EVIL-1QQQQ", key.String() + "x",
		strings.Repeat("#", MaxKeyFile+1),
		ageMark + "v1\n", armorMark + "\nx", string(forKey), "-----BEGIN OPENSSH PRIVATE KEY-----"} {
		_, err = NewKeyFile([]byte(none))
		wantKind(t, err, fault.InvalidInput)
		if len(none) > 8 && strings.Contains(err.Error(), none) {
			t.Error("the key is quoted")
		}
	}
}

// A key may itself be behind a passphrase, as "age -p" makes it, armored or
// not. E09: it may cost no more than a hand-over.
func TestOpeningWithALockedKeyFile(t *testing.T) {
	key, _ := age.GenerateX25519Identity()
	file := must[[]byte](t)(EncryptedTo(sample(), key.Recipient().String()))
	lock := func(text, passphrase string, armored bool) []byte {
		locked := agefiletest.Locked(text, passphrase)
		if !armored {
			return []byte(locked)
		}
		var b bytes.Buffer
		w := armor.NewWriter(&b)
		_, _ = io.WriteString(w, locked)
		_ = w.Close()
		return b.Bytes()
	}
	for _, armored := range []bool{false, true} {
		k := must[KeyFile](t)(NewKeyFile(lock(key.String()+"\n", "short", armored)))
		if !k.Locked() {
			t.Fatal("it opens without its passphrase")
		}
		_, err := OpenWithKeyFile(file, k)
		wantKind(t, err, fault.WrongPassphrase)
		for _, p := range []secret.Value{{}, secret.New("Short")} {
			_, err = k.Unlock(p)
			wantKind(t, err, fault.WrongPassphrase)
		}
		open := must[KeyFile](t)(k.Unlock(secret.New("short")))
		if got := must[Package](t)(OpenWithKeyFile(file, open)); !got.ClientSecret.Equal(clientSecret) {
			t.Error("another secret")
		}
		if text := fmt.Sprintf("%v %+v %#v", open, open, open); strings.Contains(text, key.String()) {
			t.Error("the key prints")
		}
	}
	sealed := lock(key.String(), "short", false)
	for _, factor := range []int{19, 22, 30, 64} {
		hostile := bytes.Replace(sealed, []byte(" 10\n"), fmt.Appendf(nil, " %d\n", factor), 1)
		if bytes.Equal(hostile, sealed) {
			t.Fatal("not crafted")
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := must[KeyFile](t)(NewKeyFile(hostile)).Unlock(secret.New("short"))
		runtime.ReadMemStats(&after)
		wantKind(t, err, fault.InvalidInput)
		if grown := after.TotalAlloc - before.TotalAlloc; grown > 4<<20 {
			t.Errorf("factor %d: %d bytes", factor, grown)
		}
	}
	for name, data := range map[string][]byte{
		"no key in it": lock("hello", "short", false), "cut": sealed[:len(sealed)-5],
	} {
		_, err := must[KeyFile](t)(NewKeyFile(data)).Unlock(secret.New("short"))
		if wantKind(t, err, fault.InvalidInput); err != nil && strings.Contains(err.Error(), key.String()) {
			t.Errorf("%s: the key is quoted", name)
		}
	}
}
