package terminal

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"entrada/internal/console"
	"entrada/internal/practice"
)

// typist sits at a terminal: reads what it shows and answers.
type typist struct {
	t      *testing.T
	master *os.File
	device *os.File // what the program has as its terminal
	gone   chan struct{}

	mu   sync.Mutex
	more *sync.Cond // something new is shown, or nothing will be
	text string
	seen int // up to where it was read already
}

// sit is run for a command that somebody at a terminal has to sign in for.
func (d *desk) sit(t *testing.T, ctx context.Context, args ...string) (code int, out, errOut string) {
	t.Helper()
	var o, e bytes.Buffer
	options := d.options("", &o, &e)
	options.In = newTypist(t).device
	code = Run(ctx, args, options)
	d.keepsSecrets(func(f string, a ...any) { t.Helper(); t.Errorf(f, a...) }, o.String()+e.String())
	return code, o.String(), e.String()
}

func newTypist(t *testing.T) *typist {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatalf("no terminal can be made here: %v (/dev/ptmx has to be there, and readable)", err)
	}
	if err := unix.IoctlSetPointerInt(int(master.Fd()), unix.TIOCSPTLCK, 0); err != nil {
		t.Fatal(err)
	}
	number, err := unix.IoctlGetInt(int(master.Fd()), unix.TIOCGPTN)
	if err != nil {
		t.Fatal(err)
	}
	device, err := os.OpenFile(fmt.Sprintf("/dev/pts/%d", number), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	if err := unix.IoctlSetWinsize(int(device.Fd()), unix.TIOCSWINSZ, &unix.Winsize{Row: 40, Col: 100}); err != nil {
		t.Fatal(err)
	}
	p := &typist{t: t, master: master, device: device, gone: make(chan struct{})}
	p.more = sync.NewCond(&p.mu)
	go func() {
		defer close(p.gone)
		buffer := make([]byte, 4096)
		for {
			n, err := master.Read(buffer)
			p.mu.Lock()
			p.text += string(buffer[:n])
			p.more.Broadcast()
			p.mu.Unlock()
			if err != nil {
				return
			}
		}
	}()
	t.Cleanup(func() {
		// A read that is still waiting gets an end of line. Only then is the
		// device free, and the reading above told that nobody is there.
		_, _ = master.WriteString("\n")
		_ = device.Close()
		<-p.gone
		_ = master.Close()
	})
	return p
}

// start runs a command on the terminal.
func (p *typist) start(d *desk, args ...string) (ended <-chan int) {
	code := make(chan int, 1)
	o := d.options("", nil, nil)
	o.In, o.Out, o.Err = p.device, p.device, p.device
	ctx := p.t.Context()
	go func() { code <- Run(ctx, args, o) }()
	return code
}

// answer waits for a question and types.
func (p *typist) answer(question, text string) {
	p.t.Helper()
	p.sees(question)
	if _, err := p.master.WriteString(text + "\n"); err != nil {
		p.t.Fatal(err)
	}
}

// sees waits until the terminal shows something new.
func (p *typist) sees(what string) {
	p.t.Helper()
	late := false
	limit := time.AfterFunc(20*time.Second, func() {
		p.mu.Lock()
		late = true
		p.more.Broadcast()
		p.mu.Unlock()
	})
	defer limit.Stop()
	p.mu.Lock()
	defer p.mu.Unlock()
	for {
		if i := strings.Index(p.text[p.seen:], what); i >= 0 {
			p.seen += i + len(what)
			return
		}
		if late {
			p.t.Fatalf("%q does not show\n%s", what, p.text)
		}
		p.more.Wait()
	}
}

func (p *typist) shown() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.text
}

func (p *typist) ends(code <-chan int, want int) {
	p.t.Helper()
	select {
	case got := <-code:
		if got != want {
			p.t.Errorf("exit code %d, not %d\n%s", got, want, p.shown())
		}
	case <-time.After(20 * time.Second):
		p.t.Fatalf("it does not end\n%s", p.shown())
	}
}

// TestAtATerminal: a secret is typed without showing, words are coloured and
// wrapped, and a passphrase is shown once and opens the file.
func TestAtATerminal(t *testing.T) {
	t.Setenv("NO_COLOR", "")
	t.Setenv("TERM", "xterm")
	n := startTenant(t, practice.Options{})
	app := n.register(oxfordIQ...)
	d := n.desk("megan")
	file := filepath.Join(t.TempDir(), "all.age")
	p := newTypist(t)

	ended := p.start(d, "setup", "--practice", "--vendor", "oxfordiq")
	p.answer("e-mail address", "alex@contoso.example")
	p.answer("How is the app to be registered", "")
	p.answer("Application (client) ID:", app.ClientID)
	for range 4 {
		p.answer("Press Enter when you have done this", "")
	}
	p.answer("Application (client) ID [", "")
	p.sees("Client secret value (it is not shown)")
	if quiet, err := unix.IoctlGetTermios(int(p.device.Fd()), unix.TCGETS); err != nil || quiet.Lflag&unix.ECHO != 0 {
		t.Error("the question is there before the terminal is quiet")
	}
	p.answer("", app.Secret)
	p.answer("The secret expires on", "")
	p.answer("Secret ID", "")
	p.answer("Shall we begin", "")
	p.answer("Is this you [", "")
	p.sees("It works for ")
	p.answer("What next", "")
	p.answer("How do you want", "skip")
	p.answer("What now", "1")
	p.answer("What now", "age")
	p.answer("Save as", file)
	p.sees("shown this once")
	p.answer("What now", "")
	p.sees("number of OxfordIQ that you knew before")
	p.answer("Who has it now", "Sam at OxfordIQ")
	p.sees("handed over to Sam at OxfordIQ")
	p.answer("Press Enter to finish", "")
	p.ends(ended, exitOK)

	if after, err := unix.IoctlGetTermios(int(p.device.Fd()), unix.TCGETS); err != nil || after.Lflag&unix.ECHO == 0 {
		t.Error("the terminal was left without echo")
	}
	text := p.shown()
	if strings.Contains(text, app.Secret) {
		t.Error("the secret was shown")
	}
	if !strings.Contains(text, "\x1b[1m") || !strings.Contains(text, "\x1b[32m") {
		t.Error("nothing is bold or green")
	}
	m := regexp.MustCompile(`shown this once:\r\n\r\n(\S+)\r\n`).FindStringSubmatch(text)
	if m == nil || strings.Count(text, m[1]) != 1 {
		t.Fatalf("no passphrase, or more than once\n%s", text)
	}

	ended = p.start(d, "open", file)
	p.answer("Passphrase (it is not shown)", m[1])
	p.sees("Client Secret: (hidden")
	p.ends(ended, exitOK)
	if strings.Count(p.shown(), m[1]) != 1 {
		t.Error("the passphrase was shown again")
	}

	// As a person, in the browser, for what was saved.
	ended = p.start(d, "test", "OxfordIQ", "--sign-in", "--read-only", "--practice")
	p.sees("Megan Bowen: megan@contoso.example")
	p.answer("Is this you [", "")
	p.sees("Everything that was tried works")
	p.ends(ended, exitOK)
	ended = p.start(d, "list", "--practice")
	p.sees("sending was not tried")
	p.ends(ended, exitOK)
	if got := len(n.State().Mails); got != 1 {
		t.Errorf("%d mails were sent, not the wizard's one", got)
	}

	// An administrator looks at the registration.
	d.browser = n.Browser("alex").Open
	ended = p.start(d, "verify", "OxfordIQ", "--practice")
	p.sees("everything is as it should be")
	p.sees("\x1b[32mok ")
	p.sees("The app is registered: OxfordIQ")
	p.ends(ended, exitOK)

	ended = p.start(d, "forget", "OxfordIQ", "--practice")
	p.answer("[y/N]", "n")
	p.ends(ended, exitUsage)
	ended = p.start(d, "forget", "OxfordIQ", "--practice")
	p.answer("[y/N]", "y")
	p.ends(ended, exitOK)
	// The mails are to be copied, in whole paragraphs.
	p.isWrapped("Please call me", "It opens in Entrada", "our Microsoft 365 connection", "Client Secret is not in")
}

// isWrapped: no line of many words is wider than reads well; a question is on one line
// with its answer.
func (p *typist) isWrapped(but ...string) {
	p.t.Helper()
	escapes := regexp.MustCompile(`\x1b\[[0-9;]*m`)
	for _, line := range strings.Split(p.shown(), "\r\n") {
		line = escapes.ReplaceAllString(line, "")
		if len([]rune(line)) > console.MaxWidth && strings.Contains(strings.TrimSpace(line), " ") &&
			!strings.Contains(line, "]: ") && !strings.Contains(line, "[y/N]") &&
			!slices.ContainsFunc(but, func(b string) bool { return strings.HasPrefix(line, b) }) {
			p.t.Errorf("too wide: %q", line)
		}
	}
}

// TestPlainTerminal: NO_COLOR is obeyed, and lines are no wider than the
// terminal unless a word is.
func TestPlainTerminal(t *testing.T) {
	t.Setenv("NO_COLOR", "1")
	p := newTypist(t)
	ended := p.start(newDesk(t.TempDir()), "guides")
	p.ends(ended, exitOK)
	p.sees("Xkit")
	if strings.Contains(p.shown(), "\x1b") {
		t.Errorf("there are escape sequences:\n%q", p.shown())
	}
	p.isWrapped()
}
