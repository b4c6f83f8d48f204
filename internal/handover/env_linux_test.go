package handover

import (
	"bytes"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/joho/godotenv"

	"entrada/internal/secret"
)

// envSamples are values that a field may have.
var envSamples = []string{
	"zil8Q~cpIPZ5Ld88y0W6DWB75KVatwVbGltaTwt.", "~start", "3f6b1c9e-52a7-4c1d-9b0e-7d2f4a8c6e10",
	"https://login.microsoftonline.com/x/oauth2/v2.0/token", "Mail.Send offline_access", "a=b", "a=~b", "a:~b", "x:",
	"a#b", "a #b", "#a", "$HOME", "`id`", "$(id)", "a;b", "a&b", "a|b", "a*b", "a?b", "{a,b}", "(a)", "<a>", "!a", "it's",
	`back\slash`, `say "so"`, "sales@contoso.example", "100%", "a,b", "Zürich", "", " lead", "trail ", "-", "~", "a~b", "~~",
	"https://acme.example/cb?x=1&y=2", "[::1]", "=", "==", "a+b/c==",
}

// What an .env file says is read alike by shells and programs. Where docker and
// kubectl, which take a line as it is, would read something else, the line before
// says so; for nothing that Microsoft makes is that needed.
func TestAnEnvFileIsReadAlikeEverywhere(t *testing.T) {
	for _, value := range envSamples {
		p := sample()
		p.Fields = []Field{Plain("Value of it", value), Hidden("Client Secret Value", p.ClientSecret)}
		text := string(env(p, true))
		line, warned := "", false
		for l := range strings.Lines(text) {
			if strings.HasPrefix(l, "VALUE_OF_IT=") {
				line = strings.TrimSuffix(l, "\n")
				break
			}
			warned = strings.HasPrefix(l, "# The next value is quoted")
		}
		if line == "" {
			if !strings.Contains(text, "# VALUE_OF_IT has characters") {
				t.Errorf("%q is left out without a word\n%s", value, text)
			}
			continue
		}
		for _, shell := range []string{"bash", "dash"} {
			c := exec.Command(shell, "-c", `set -a; . /dev/stdin; printf %s "$VALUE_OF_IT"`)
			c.Stdin, c.Env = strings.NewReader(text), []string{"HOME=/home/somebody", "PATH=/nowhere"}
			if got, err := c.Output(); err != nil || string(got) != value {
				t.Errorf("%s reads %q as %q: %v", shell, value, got, err)
			}
		}
		for name, read := range map[string]func(*testing.T, string) (string, error){
			"python-dotenv": readByPython, "systemd": readBySystemd} {
			if name == "systemd" && (value == "" || strings.Contains(value, "$")) {
				continue // environment.d fills in variables and drops what is empty; EnvironmentFile= does not
			}
			if got, err := read(t, text); err != nil || got != value {
				t.Errorf("%s reads %q as %q: %v", name, value, got, err)
			}
		}
		if vars, err := godotenv.Unmarshal(text); err != nil || vars["VALUE_OF_IT"] != value {
			t.Errorf("godotenv reads %q as %q: %v", value, vars["VALUE_OF_IT"], err)
		}
		// docker's and kubectl's rule: all that stands behind the first equals sign.
		if raw := strings.TrimPrefix(line, "VALUE_OF_IT="); raw != value && !warned {
			t.Errorf("docker reads %q as %q, and nothing says so", value, raw)
		}
	}
	for _, made := range []string{
		"zil8Q~cpIPZ5Ld88y0W6DWB75KVatwVbGltaTwt.", "8xK8Q~_.-aB", "https://graph.microsoft.com",
	} {
		if written, quoted, ok := envValue(made); quoted || !ok || written != made {
			t.Errorf("%q is written as %s", made, written)
		}
	}
}

// Debian's own Python, which has the library; another one in PATH may not.
func readByPython(_ *testing.T, text string) (string, error) {
	c := exec.Command("/usr/bin/python3", "-c", `import sys, dotenv
sys.stdout.buffer.write(dotenv.dotenv_values(stream=sys.stdin)["VALUE_OF_IT"].encode())`)
	c.Stdin, c.Env = strings.NewReader(text), []string{"PYTHONIOENCODING=utf-8", "PYTHONUTF8=1"}
	out, err := c.Output()
	return string(out), err
}

// systemd reads environment.d by the code that reads an EnvironmentFile=, and prints
// what it read, in double quotes where a shell needs them.
func readBySystemd(t *testing.T, text string) (string, error) {
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "environment.d"), 0o700); err != nil {
		return "", err
	}
	if err := os.WriteFile(filepath.Join(dir, "environment.d", "entrada.conf"), []byte(text), 0o600); err != nil {
		return "", err
	}
	c := exec.Command("/usr/lib/systemd/user-environment-generators/30-systemd-environment-d-generator")
	c.Env = []string{"XDG_CONFIG_HOME=" + dir, "HOME=/home/somebody"}
	printed, err := c.Output()
	if err != nil {
		return "", err
	}
	_, value, found := strings.Cut(string(printed), "VALUE_OF_IT=")
	value, _, _ = strings.Cut(value, "\n")
	if !found {
		return "", errors.New("it is not there")
	}
	if strings.HasPrefix(value, `"`) {
		value = regexp.MustCompile(`\\(.)`).ReplaceAllString(value[1:len(value)-1], "$1")
	}
	return value, nil
}

// A field that is left empty on purpose is called that in every format, and never
// promised; one that was given is in the encrypted file.
func TestWhatIsWithheldIsNotPromised(t *testing.T) {
	p := sample()
	for i, f := range p.Fields {
		if f.Label == "Mailbox password" {
			p.Fields[i] = Withheld(f.Label)
		}
	}
	for _, f := range Formats() {
		for name, text := range shown(t, f, p) {
			if f.ID == FormatCalendar || f.ID == FormatAppSettings {
				continue // they name no fields
			}
			if !strings.Contains(text, LeftEmptyWords) {
				t.Errorf("%s, %s: nothing says that it is left empty\n%s", f.ID, name, text)
			}
			for l := range strings.Lines(text) {
				l = strings.ToLower(l)
				if strings.Contains(l, "mailbox") && strings.Contains(l, "password") &&
					(strings.Contains(l, "separately") || strings.Contains(l, "hidden")) {
					t.Errorf("%s, %s promises it: %s", f.ID, name, l)
				}
			}
		}
	}
}

// Whatever is made in the practice organisation says so.
func TestPracticeIsMarkedInEveryFormat(t *testing.T) {
	p := sample()
	p.CloudID, p.AuthorityURL, p.TokenURL = "practice", "http://127.0.0.1:1/x", "http://127.0.0.1:1/x/token"
	for _, f := range Formats() {
		for name, text := range shown(t, f, p) {
			if !strings.Contains(strings.ToLower(text), "practice") || !strings.Contains(text, "pretend organisation") {
				t.Errorf("%s, %s does not say so\n%s", f.ID, name, text)
			}
		}
		for name, text := range shown(t, f, sample()) {
			if strings.Contains(text, "pretend") {
				t.Errorf("%s, %s of a real organisation says it", f.ID, name)
			}
		}
	}
}

// shown is what a file of a format says: its preview and, where it is text, itself.
func shown(t *testing.T, f Format, p Package) map[string]string {
	t.Helper()
	preview, err := f.Preview(p)
	if err != nil {
		t.Fatal(f.ID, err)
	}
	texts := map[string]string{"preview": preview}
	lock := Lock{}
	if f.Sealed {
		lock.Passphrase = secret.New("rako-pele-zuna-semu-zezi-vina")
	}
	data, err := f.Write(p, lock)
	if err != nil {
		t.Fatal(f.ID, err)
	}
	if !f.Sealed && !bytes.HasPrefix(data, []byte("%PDF")) {
		texts["file"] = strings.ReplaceAll(strings.ReplaceAll(string(data), "\r\n ", ""), "\\n", "\n")
	}
	return texts
}
