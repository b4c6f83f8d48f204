package signin

import (
	"context"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"entrada/internal/fault"
)

// fakeOpener puts a script in the place of the desktop's opener.
func fakeOpener(t *testing.T, script string) (dir string) {
	t.Helper()
	dir = t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "xdg-open"), []byte("#!/bin/sh\n"+script), 0o700); err != nil {
		t.Fatal(err)
	}
	t.Setenv("PATH", dir)
	t.Setenv("DISPLAY", ":0")
	return dir
}

func TestTheWholeLinkIsOneArgument(t *testing.T) {
	dir := fakeOpener(t, `printf '%s\n' "$#" "$1" >"${0%/*}/args"`)
	link := "https://login.example/authorize?a=1&b=2&c=$(id)%20';x"
	if err := SystemBrowser(t.Context(), link); err != nil {
		t.Fatal(err)
	}
	if got, err := os.ReadFile(filepath.Join(dir, "args")); err != nil || string(got) != "1\n"+link+"\n" {
		t.Errorf("%q, %v", got, err)
	}
}

func TestBrowserThatFails(t *testing.T) {
	fakeOpener(t, "echo noise; echo more >&2; exit 3")
	wantKind(t, SystemBrowser(t.Context(), "https://login.example/"), fault.BrowserNotOpened)
}

func TestBrowserThatStays(t *testing.T) {
	dir := fakeOpener(t, `read line <"${0%/*}/leave"`)
	leave := filepath.Join(dir, "leave")
	if err := syscall.Mkfifo(leave, 0o600); err != nil {
		t.Fatal(err)
	}
	if err := SystemBrowser(t.Context(), "https://login.example/"); err != nil {
		t.Error(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	wantKind(t, SystemBrowser(ctx, "https://login.example/"), fault.Cancelled)
	// Let both leave. The pipe stays open for the second, which may yet come to it.
	pipe, err := syscall.Open(leave, syscall.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := syscall.Write(pipe, []byte("go\ngo\n")); err != nil {
		t.Error(err)
	}
}

// Over SSH nothing is started: the opener might show its page in the terminal.
func TestNoDesktopNoBrowser(t *testing.T) {
	dir := fakeOpener(t, `touch "${0%/*}/started"`)
	for _, name := range []string{"DISPLAY", "WAYLAND_DISPLAY", "BROWSER", "WSL_DISTRO_NAME"} {
		t.Setenv(name, "")
	}
	wantKind(t, SystemBrowser(t.Context(), "https://login.example/"), fault.BrowserNotOpened)
	if _, err := os.Stat(filepath.Join(dir, "started")); err == nil {
		t.Error("an opener was started")
	}
	for _, name := range []string{"DISPLAY", "WAYLAND_DISPLAY", "BROWSER", "WSL_DISTRO_NAME"} {
		t.Setenv(name, "x")
		if !hasDesktop(os.Getenv) {
			t.Errorf("%s is no desktop", name)
		}
		t.Setenv(name, "")
	}
}

func TestNoBrowserAtAll(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	wantKind(t, SystemBrowser(t.Context(), "https://login.example/"), fault.BrowserNotOpened)
}
