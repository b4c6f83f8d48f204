//go:build tour

package tour

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"time"
)

// window is the program's window as a person has it: a title, keys, a picture.
type window struct {
	*desk
	program       string
	args          []string
	width, height int
	id            string
	cmd           *exec.Cmd
	folder        string // where pictures go
	shots         int
}

func (d *desk) openWindow(program, folder string, width, height int, args ...string) *window {
	d.t.Helper()
	w := &window{desk: d, folder: folder, width: width, height: height, program: program, args: args}
	w.show()
	return w
}

// again kills the program and starts it anew.
func (w *window) again() {
	w.t.Helper()
	w.Must(w.cmd.Process.Kill())
	_ = w.cmd.Wait()
	w.show()
}

func (w *window) show() {
	w.t.Helper()
	w.cmd = w.Start(w.program, nil, w.args...)
	w.find()
	// The window is there a moment before anything is drawn in it.
	blank := w.Path("run/first.png")
	w.Wait("something to look at", func() bool {
		w.Run("", "import", "-silent", "-window", w.id, blank)
		info, err := os.Stat(blank)
		return err == nil && info.Size() > 15_000
	})
	w.Run("", "xdotool", "windowactivate", "--sync", w.id)
	w.Run("", "xdotool", "windowsize", "--sync", w.id, fmt.Sprint(w.width), fmt.Sprint(w.height))
	w.Run("", "xdotool", "windowmove", "--sync", w.id, "4", "24")
}

func (w *window) find() {
	w.Wait("the window", func() bool {
		cmd := exec.Command("xdotool", "search", "--onlyvisible", "--name", "Entrada$")
		cmd.Env = w.Env
		out, _ := cmd.Output()
		if lines := strings.Fields(string(out)); len(lines) > 0 {
			w.id = lines[len(lines)-1]
			return true
		}
		if w.cmd.ProcessState != nil {
			w.t.Fatalf("the program has ended: %s", w.Log(w.cmd.Path))
		}
		return false
	})
}

func (w *window) title() string {
	return strings.TrimSpace(w.Run("", "xdotool", "getwindowname", w.id))
}

// on waits for a page by its title and takes its picture.
func (w *window) on(page string) {
	w.t.Helper()
	w.waitTitle(page)
	w.shot(page)
}

func (w *window) waitTitle(page string) {
	w.t.Helper()
	limit, tick := time.After(45*time.Second), time.NewTicker(50*time.Millisecond)
	defer tick.Stop()
	for {
		title := w.title()
		if strings.HasPrefix(title, page) {
			return
		}
		select {
		case <-tick.C:
		case <-limit:
			w.shot("stuck")
			w.t.Fatalf("waited for the page %q; the window says %q. Log: %s", page, title, w.Log(w.cmd.Path))
		}
	}
}

// keys presses keys, one after the other, by their X names.
func (w *window) keys(names ...string) {
	w.t.Helper()
	w.Run("", "xdotool", append([]string{"key", "--delay", "40"}, names...)...)
}

// text types. It goes to xdotool on its standard input: what is typed may be a
// secret, and arguments can be read by everybody.
func (w *window) text(s string) {
	w.t.Helper()
	w.Run(s, "xdotool", "type", "--delay", "8", "--file", "-")
}

// primary presses the page's primary button, again if the page was not ready,
// until another page is there.
func (w *window) primary(next string) {
	w.t.Helper()
	before := w.title()
	for range 40 {
		w.keys("ctrl+Return")
		limit := time.After(time.Second)
		tick := time.NewTicker(50 * time.Millisecond)
	waiting:
		for {
			if w.title() != before {
				tick.Stop()
				w.on(next)
				return
			}
			select {
			case <-tick.C:
			case <-limit:
				break waiting
			}
		}
		tick.Stop()
	}
	w.shot("stuck")
	w.t.Fatalf("the primary button of %q led nowhere. Log: %s", before, w.Log(w.cmd.Path))
}

// shot takes a picture of the whole display, once what is drawn has settled.
func (w *window) shot(name string) {
	w.t.Helper()
	w.shots++
	slug := strings.Trim(strings.Map(func(r rune) rune {
		if r >= 'a' && r <= 'z' || r >= '0' && r <= '9' {
			return r
		}
		return '-'
	}, strings.ToLower(name)), "-")
	file := filepath.Join(w.folder, fmt.Sprintf("%02d-%s.png", w.shots, slug))
	// A blinking cursor never rests, so a few tries have to do.
	before := ""
	for range 6 {
		w.Run("", "import", "-silent", "-window", "root", file)
		data, err := os.ReadFile(file)
		w.Must(err)
		if string(data) == before {
			return
		}
		before = string(data)
	}
}

// passphrase is the form of those that the program makes.
var passphrase = regexp.MustCompile(`^([a-z]{4}-){9}[a-z]{4}$`)

// copied waits until something of the right form was copied: what was copied
// before may still be there for a moment.
func (w *window) copied(form *regexp.Regexp) (text string) {
	w.t.Helper()
	w.Wait("what was copied", func() bool { text = w.clipboard(); return form.MatchString(text) })
	return text
}

// copiedSecret is copied for a secret: programs that keep a history of the
// clipboard are told so.
func (w *window) copiedSecret(form *regexp.Regexp) string {
	w.t.Helper()
	text := w.copied(form)
	cmd := exec.Command("xclip", "-selection", "clipboard", "-o", "-t", "x-kde-passwordManagerHint")
	cmd.Env = w.Env
	if hint, err := cmd.Output(); string(hint) != "secret" {
		w.t.Errorf("the hint beside a copied secret is %d bytes, %v", len(hint), err)
	}
	return text
}

// clipboard is what was copied last. Right after the press of a key nobody may
// own it yet.
func (w *window) clipboard() (text string) {
	w.t.Helper()
	w.Wait("something on the clipboard", func() bool {
		cmd := exec.Command("xclip", "-selection", "clipboard", "-o")
		cmd.Env = w.Env
		out, err := cmd.Output()
		text = string(out)
		return err == nil
	})
	return text
}

// exists reports whether a file is there.
func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}
