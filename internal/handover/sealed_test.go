package handover

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"runtime"
	"strings"
	"testing"
	"time"

	"filippo.io/age"
	"filippo.io/age/armor"
	"github.com/google/go-cmp/cmp"
	"github.com/joho/godotenv"

	_ "entrada/internal/agefile/agefiletest" // what a passphrase costs is no matter here
	"entrada/internal/fault"
	"entrada/internal/secret"
)

func TestEncryptedComesBackWhole(t *testing.T) {
	file := must[[]byte](t)(Encrypted(sample(), passphrase))
	got := must[Package](t)(Open(file, passphrase))
	if diff := cmp.Diff(filledSample(), got); diff != "" {
		t.Error(diff)
	}
	if !bytes.Contains(file, []byte("-> scrypt ")) || !bytes.Contains(file, []byte(" 1\n")) {
		t.Error("not at the cost of package agefile, which is 1 in these tests")
	}
	if bytes.Equal(file, must[[]byte](t)(Encrypted(sample(), passphrase))) {
		t.Error("the same file twice")
	}
}

// The vendor need not have Entrada: age opens the file, and the .env text in it
// can be used as it is.
func TestAgeItselfOpensIt(t *testing.T) {
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	pass, _ := age.NewScryptIdentity(passphrase.Reveal())
	for _, c := range []struct {
		file []byte
		id   age.Identity
	}{
		{must[[]byte](t)(Encrypted(sample(), passphrase)), pass},
		{must[[]byte](t)(EncryptedTo(sample(), " "+key.Recipient().String()+"\n")), key},
	} {
		r, err := age.Decrypt(bytes.NewReader(c.file), c.id)
		if err != nil {
			t.Fatal(err)
		}
		plain, err := io.ReadAll(r)
		if err != nil {
			t.Fatal(err)
		}
		n, err := parseJSON(plain)
		if err != nil {
			t.Fatal(err)
		}
		root := n.value.(branch)
		fields := root.values["fields"].value.(branch)
		if fields.values["Client Secret Value"].value != clientSecret.Reveal() ||
			fields.values["Mailbox password"].value != mailboxPassword.Reveal() {
			t.Error("the secrets are not under the vendor's labels")
		}
		if strings.Join(fields.names,
			",") != "Client ID,Client Secret Value,Client Secret ID,Mailbox username,Mailbox password" {
			t.Error("another order:", fields.names)
		}
		vars, err := godotenv.Unmarshal(root.values["env"].value.(string))
		if err != nil || vars["AZURE_CLIENT_SECRET"] != clientSecret.Reveal() ||
			vars["CLIENT_SECRET_VALUE"] != clientSecret.Reveal() {
			t.Error("the .env text does not hold the secret", err)
		}
	}
}

// I13: the name of a plugin is the name of a program.
func TestOnlyNativeKeys(t *testing.T) {
	for _, key := range []string{
		"", "age1", "age1evil1qqqsyqcyq5rqwzqf", "age1yubikey1qwsdfghj", "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ",
		"AGE-SECRET-KEY-1QQ",
		"age1tag1qt8lw0ual6avlwmwatk888yqnmdamm7xfd0wak53ut6elz5c4swx2yqdj4e", "-o/etc/passwd",
	} {
		_, err := EncryptedTo(sample(), key)
		wantKind(t, err, fault.InvalidInput)
	}
	id, _ := age.GenerateX25519Identity()
	file := must[[]byte](t)(EncryptedTo(sample(), id.Recipient().String()))
	_, err := Open(file, passphrase)
	wantKind(t, err, fault.WrongPassphrase)
	if f := (*fault.Error)(nil); !errors.As(err, &f) || !strings.Contains(f.Detail, "key") {
		t.Error("it does not say that no passphrase will do")
	}
}

func TestWrongPassphrase(t *testing.T) {
	file := must[[]byte](t)(Encrypted(sample(), passphrase))
	for _, p := range []secret.Value{{}, secret.New("x"), secret.New(passphrase.Reveal() + " "),
		secret.New(strings.ToUpper(passphrase.Reveal()))} {
		_, err := Open(file, p)
		wantKind(t, err, fault.WrongPassphrase)
	}
}

func TestWeakPassphraseEncryptsNothing(t *testing.T) {
	for _, p := range []string{"", "short", "password1234"} {
		got, err := Encrypted(sample(), secret.New(p))
		wantKind(t, err, fault.WeakPassphrase)
		if got != nil {
			t.Error("and yet a file")
		}
	}
}

// E09: a hostile work factor is refused at once. A file may ask for 4 GiB of memory.
func TestHostileWorkFactorIsRefusedAtOnce(t *testing.T) {
	file := must[[]byte](t)(Encrypted(sample(), passphrase))
	for _, factor := range []int{19, 20, 22, 30, 31, 64, 999} {
		hostile := bytes.Replace(file, []byte(" 1\n"), fmt.Appendf(nil, " %d\n", factor), 1)
		if bytes.Equal(hostile, file) {
			t.Fatal("not crafted")
		}
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		began := time.Now()
		_, err := Open(hostile, passphrase)
		took := time.Since(began)
		runtime.ReadMemStats(&after)
		wantKind(t, err, fault.FileCorrupt)
		if grown := after.TotalAlloc - before.TotalAlloc; grown > 4<<20 || took > time.Second {
			t.Errorf("factor %d: %v and %d bytes", factor, took, grown)
		}
	}
}

// large is a package that fills several of age's 64 KiB chunks.
func large() Package {
	p := sample()
	for i := range 60 {
		p.Extra[fmt.Sprintf("extra %02d", i)] = strings.Repeat("x", maxText)
	}
	return p
}

// E10: cut at every border and byte.
func TestCutFilesYieldNothing(t *testing.T) {
	file := must[[]byte](t)(Encrypted(large(), passphrase))
	if len(file) < 200<<10 {
		t.Fatal("too small for the purpose")
	}
	must[Package](t)(Open(file, passphrase))
	start := bytes.Index(file, []byte("\n--- ")) + 1
	start += bytes.IndexByte(file[start:], '\n') + 1 + 16 // header and nonce
	var cuts []int
	for border := start; border < len(file); border += 64<<10 + 16 {
		cuts = append(cuts, border-1, border, border+1, border+16)
	}
	for i := 1; i <= 200; i++ {
		cuts = append(cuts, len(file)-i)
	}
	for _, n := range append(cuts, 0, 1, 20, start/2) {
		p, err := Open(file[:n], passphrase)
		if fault.KindOf(err) != fault.FileCorrupt {
			t.Fatalf("cut at %d of %d: %v", n, len(file), err)
		}
		if diff := cmp.Diff(Package{}, p); diff != "" {
			t.Fatalf("cut at %d: something came out: %s", n, diff)
		}
	}
	for _, more := range [][]byte{{0}, []byte("\n"), file} {
		_, err := Open(append(bytes.Clone(file), more...), passphrase)
		wantKind(t, err, fault.FileCorrupt)
	}
}

// E10: one flipped byte.
func TestEveryChangedByteIsNoticed(t *testing.T) {
	file := must[[]byte](t)(Encrypted(sample(), passphrase))
	for at := range file {
		changed := bytes.Clone(file)
		changed[at] ^= 1
		_, err := Open(changed, passphrase)
		// A change in the wrapped key cannot be told from a wrong passphrase.
		if !fault.Is(err, fault.FileCorrupt, fault.WrongPassphrase, fault.FileNewer) {
			t.Fatalf("byte %d: %v", at, err)
		}
	}
}

func TestArmoredFilesOpenAsWell(t *testing.T) {
	var b bytes.Buffer
	w := armor.NewWriter(&b)
	_, _ = w.Write(must[[]byte](t)(Encrypted(sample(), passphrase)))
	_ = w.Close()
	got := must[Package](t)(Open([]byte("\n"+b.String()+"\n"), passphrase))
	if diff := cmp.Diff(filledSample(), got); diff != "" {
		t.Error(diff)
	}
	_, err := Open(b.Bytes()[:b.Len()-40], passphrase)
	wantKind(t, err, fault.FileCorrupt)
}

func TestWhatIsNoSettingsFile(t *testing.T) {
	for _, data := range []string{"", "x", "\x00\x01", "[]", "null", "PK\x03\x04", "age-encryption.org/v2\n",
		armorMark} {
		_, err := Open([]byte(data), passphrase)
		wantKind(t, err, fault.FileCorrupt)
	}
	_, err := Open(make([]byte, MaxFile+1), passphrase)
	wantKind(t, err, fault.FileTooLarge)
}
