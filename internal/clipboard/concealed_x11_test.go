//go:build !windows && !darwin

package clipboard

import (
	"bufio"
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
	"go.uber.org/goleak"
)

const passwordLike = "abc8Q~ü𝄞-secret"

// display is an X server of the test's own, until its end.
func display(t *testing.T) {
	t.Helper()
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = read.Close() }()
	server := exec.Command("Xvfb", "-displayfd", "3", "-screen", "0", "320x240x24", "-nolisten", "tcp", "-noreset")
	server.ExtraFiles = []*os.File{write}
	if err := server.Start(); err != nil {
		t.Fatal(err)
	}
	_ = write.Close()
	number, err := bufio.NewReader(read).ReadString('\n')
	t.Cleanup(func() {
		_ = server.Process.Kill()
		_ = server.Wait()
		goleak.VerifyNone(t)
	})
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("DISPLAY", ":"+strings.TrimSpace(number))
}

// xclip is what another program sees of the clipboard.
func xclip(t *testing.T, args ...string) (string, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()
	out, err := exec.CommandContext(ctx, "xclip", append([]string{"-selection", "clipboard"}, args...)...).Output()
	return string(out), err
}

// copyElsewhere copies in another program, which stays as the owner until the
// server ends. xclip leaves a child behind that tells the server only after its
// parent has ended, so this waits for what is pasted, as a person would look.
func copyElsewhere(t *testing.T, text string) {
	t.Helper()
	c := exec.CommandContext(t.Context(), "xclip", "-selection", "clipboard")
	c.Stdin = strings.NewReader(text)
	if err := c.Run(); err != nil {
		t.Fatal(err)
	}
	pasted := ""
	for end := time.Now().Add(10 * time.Second); pasted != text; pasted, _ = xclip(t, "-o") {
		if time.Now().After(end) {
			t.Fatalf("somebody copied %q, and %q is pasted", text, pasted)
		}
	}
}

// E11: what other programs are told, the ones that keep a history among them.
func TestOtherProgramsSeeThatItIsASecret(t *testing.T) {
	display(t)
	if !Concealed(passwordLike) {
		t.Fatal("it could not be put on the clipboard")
	}
	if got, err := xclip(t, "-o"); got != passwordLike {
		t.Errorf("pasted %q, %v", got, err)
	}
	for target, want := range map[string]string{hint: "secret", utf8Text: passwordLike, plainText: passwordLike} {
		if got, err := xclip(t, "-o", "-t", target); got != want {
			t.Errorf("%s is %q, %v", target, got, err)
		}
	}
	offered, err := xclip(t, "-o", "-t", targets)
	if err != nil {
		t.Fatal(err)
	}
	names := strings.Fields(offered)
	for _, name := range []string{hint, utf8Text, plainText, targets, timestamp, multiple} {
		if !slices.Contains(names, name) {
			t.Errorf("%s is not among %q", name, names)
		}
	}
	for _, absent := range []string{latinText, "image/png"} {
		if got, err := xclip(t, "-o", "-t", absent); err == nil || slices.Contains(names, absent) {
			t.Errorf("%s is offered, and is %q", absent, got)
		}
	}
	// An old program has no other word for text.
	if !Concealed("abc8Q~plain") {
		t.Fatal("not a second time")
	}
	if got, err := xclip(t, "-o", "-t", latinText); got != "abc8Q~plain" {
		t.Errorf("%q, %v", got, err)
	}
	copyElsewhere(t, "a shopping list")
	if offered, err := xclip(t, "-o", "-t", targets); err != nil || strings.Contains(offered, hint) {
		t.Errorf("the shopping list is offered as %q, %v", offered, err)
	}
}

// Some toolkits ask for all they want at once.
func TestSeveralAreAskedForAtOnce(t *testing.T) {
	display(t)
	s, err := own(passwordLike)
	if err != nil {
		t.Fatal(err)
	}
	go s.serve()
	asks, err := own("another program")
	if err != nil {
		t.Fatal(err)
	}
	defer asks.conn.Close()
	if !Concealed(passwordLike) {
		t.Fatal("it could not be put on the clipboard")
	}
	names := []string{utf8Text, "image/png", hint}
	pairs := make([]byte, 0, 24)
	for _, name := range names {
		atom, err := xproto.InternAtom(asks.conn, false, uint16(len(name)), name).Reply()
		if err != nil {
			t.Fatal(err)
		}
		pairs = append(pairs, make([]byte, 8)...)
		xgb.Put32(pairs[len(pairs)-8:], uint32(atom.Atom))
		xgb.Put32(pairs[len(pairs)-4:], uint32(atom.Atom)) // a property of the same name
	}
	list := xproto.Atom(xproto.AtomCutBuffer0)
	asks.write(asks.window, list, asks.atoms["ATOM_PAIR"], 32, pairs)
	ask := func(at xproto.Timestamp) xproto.Atom {
		xproto.ConvertSelection(asks.conn, asks.window, asks.atoms["CLIPBOARD"], asks.atoms[multiple], list, at)
		for {
			event, failure := asks.conn.WaitForEvent()
			if told, ok := event.(xproto.SelectionNotifyEvent); ok {
				return told.Property
			}
			if event == nil && failure == nil {
				t.Fatal("the server is gone")
			}
		}
	}
	read := func(property xproto.Atom) []byte {
		reply, err := xproto.GetProperty(asks.conn, false, asks.window, property, xproto.GetPropertyTypeAny, 0,
			64).Reply()
		if err != nil {
			t.Fatal(err)
		}
		return reply.Value
	}
	if ask(xproto.TimeCurrentTime) != list {
		t.Fatal("refused")
	}
	left := read(list)
	for i, want := range []string{passwordLike, "", "secret"} {
		property := xproto.Atom(xgb.Get32(left[8*i+4:]))
		if (property == xproto.AtomNone) != (want == "") {
			t.Errorf("%s was answered by property %d", names[i], property)
			continue
		}
		if got := string(read(xproto.Atom(xgb.Get32(pairs[8*i+4:])))); got != want {
			t.Errorf("%s is %q", names[i], got)
		}
	}
	if property := ask(1); property != xproto.AtomNone {
		t.Errorf("who asked before the text was copied got property %d", property)
	}
}

func TestWhereItCannotBeConcealed(t *testing.T) {
	defer goleak.VerifyNone(t)
	t.Setenv("DISPLAY", "")
	if Concealed("text") {
		t.Error("on no display")
	}
	silent, err := net.Listen("unix", filepath.Join(t.TempDir(), "x:0"))
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv("DISPLAY", silent.Addr().String())
	if Concealed("text") {
		t.Error("on a server that never answers")
	}
	_ = silent.Close() // with what it never accepted
}

func TestALongTextIsNotConcealed(t *testing.T) {
	display(t)
	if Concealed(strings.Repeat("x", longest+1)) {
		t.Error("it would not fit into one answer")
	}
	if !Concealed(strings.Repeat("x", longest)) {
		t.Error("the longest that is allowed was refused")
	}
	if got, err := xclip(t, "-o"); len(got) != longest {
		t.Errorf("%d bytes, %v", len(got), err)
	}
}
