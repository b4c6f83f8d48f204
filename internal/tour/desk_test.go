//go:build tour

package tour

import (
	"bufio"
	"fmt"
	"io"
	"os"
	"syscall"
	"testing"
	"time"

	"entrada/internal/testdesktop"
)

// desk is a desktop of our own, on which we are the browser.
type desk struct {
	*testdesktop.Desktop
	t    *testing.T
	urls chan string // what programs asked the system browser to open
}

func newDesk(t *testing.T, variant string) *desk {
	t.Helper()
	d := newBareDesk(t, variant)
	d.OpenKeychain()
	return d
}

// newBareDesk is a desktop without a keychain.
func newBareDesk(t *testing.T, variant string) *desk {
	t.Helper()
	d := &desk{Desktop: testdesktop.New(t, t.TempDir(), variant), t: t, urls: make(chan string, 20)}
	d.Setenv("ENTRADA_HOME", d.Path("home/.entrada"))
	d.Setenv("FYNE_PLATFORM", "x11")
	d.Setenv("GOTRACEBACK", "single")
	d.OpenDisplay()
	d.beTheBrowser()
	return d
}

// beTheBrowser makes us the desktop's default browser, the way a browser's
// package does; every address that is opened arrives in urls.
func (d *desk) beTheBrowser() {
	pipe := d.Path("run/urls")
	d.Must(syscall.Mkfifo(pipe, 0o600))
	// Open for writing too, so that reading never ends.
	f, err := os.OpenFile(pipe, os.O_RDWR, 0)
	d.Must(err)
	d.t.Cleanup(func() { _ = f.Close() })
	go func() {
		for lines := bufio.NewScanner(f); lines.Scan(); {
			d.urls <- lines.Text()
		}
	}()
	script := d.Path("data/browser")
	d.Must(os.WriteFile(script, fmt.Appendf(nil, "#!/bin/sh\nprintf '%%s\\n' \"$1\" > '%s'\n", pipe), 0o700))
	d.Must(os.WriteFile(d.Path("data/applications/tour-browser.desktop"), fmt.Appendf(nil,
		"[Desktop Entry]\nType=Application\nName=Tour browser\nExec=%s "+
			"%%u\nMimeType=x-scheme-handler/http;x-scheme-handler/https;text/html;\n", script), 0o600))
	d.Must(os.WriteFile(d.Path("config/mimeapps.list"), []byte(
		"[Default Applications]\nx-scheme-handler/http=tour-browser.desktop\n"+
			"x-scheme-handler/https=tour-browser.desktop\ntext/html=tour-browser.desktop\n"), 0o600))
	d.Setenv("BROWSER", script)
}

// opened is the next address that was opened in the browser.
func (d *desk) opened() string {
	d.t.Helper()
	select {
	case u := <-d.urls:
		return u
	case <-time.After(20 * time.Second):
		d.t.Fatal("nothing was opened in the browser")
		return ""
	}
}

func copyFile(from, to string) error {
	in, err := os.Open(from)
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	out, err := os.Create(to)
	if err != nil {
		return err
	}
	if _, err := io.Copy(out, in); err != nil {
		_ = out.Close()
		return err
	}
	return out.Close()
}
