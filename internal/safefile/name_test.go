package safefile

import (
	"context"
	"regexp"
	"strings"
	"testing"
	"time"
)

func contextThatEnds(t *testing.T) (context.Context, context.CancelFunc) {
	return context.WithTimeout(t.Context(), 50*time.Millisecond)
}

// E14: any text becomes a name that every system takes.
func TestSafeName(t *testing.T) {
	for in, want := range map[string]string{
		"OxfordIQ contoso.example": "OxfordIQ-contoso.example",
		"Müller & Söhne GmbH":      "Muller-Sohne-GmbH",
		"../../etc/passwd":         "etc-passwd",
		"CON":                      "x-CON",
		"con.txt":                  "x-con.txt",
		"Lpt9":                     "x-Lpt9",
		"COM10":                    "COM10",
		"console":                  "console",
		"":                         "unnamed",
		"...":                      "unnamed",
		"日本語":                      "unnamed",
		"a\u202egpj.exe":           "a-gpj.exe",
		"a\x00b\nc":                "a-b-c",
		`C:\Users\x`:               "C-Users-x",
		"trailing. ":               "trailing",
		"-rf":                      "rf",
		"ＣＯＮ":                      "x-CON", // full-width letters
		strings.Repeat("a", 300):   strings.Repeat("a", 77),
	} {
		if got := SafeName(in); got != want {
			t.Errorf("%q became %q, not %q", in, got, want)
		}
	}
}

var safe = regexp.MustCompile(`^[A-Za-z0-9]+([._-][A-Za-z0-9]+)*$`)

func FuzzSafeName(f *testing.F) {
	for _, s := range []string{"CON", "../", "\u202e", "com1.", "a..b", "é", "NUL.tar.gz", "-",
		strings.Repeat("ä.", 200), "NUL." + strings.Repeat("a-", 40)} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		got := SafeName(s)
		if !safe.MatchString(got) || len(got) > maxName || isReserved(got) {
			t.Fatalf("%q became %q", s, got)
		}
		if again := SafeName(got); again != got {
			t.Fatalf("%q, then %q", got, again)
		}
	})
}

// E06: by the words of a path and the environment, for each system.
func TestFolderRiskByPath(t *testing.T) {
	env := func(m map[string]string) func(string) string { return func(k string) string { return m[k] } }
	none := env(nil)
	for _, c := range []struct {
		goos, path string
		env        func(string) string
		want       Risk
	}{
		{"windows", `C:\Users\ann\Documents\f.json`, none, RiskNone},
		{"windows", `C:\Users\ann\OneDrive\f.json`, none, CloudSynced},
		{"windows", `C:\Users\ann\OneDrive - Contoso Ltd\Desktop`, none, CloudSynced},
		{"windows", `c:\users\ANN\onedrive - contoso`, none, CloudSynced},
		{"windows", `D:\Sync\Docs\f`, env(map[string]string{"OneDriveCommercial": `D:\Sync\`}), CloudSynced},
		{"windows", `D:\Synced\f`, env(map[string]string{"OneDrive": `D:\Sync`}), RiskNone},
		{"windows", `C:\Users\ann\Dropbox (Personal)\f`, none, CloudSynced},
		{"windows", `G:\My Drive\f`, none, CloudSynced},
		{"windows", `C:\Users\ann\iCloudDrive\f`, none, CloudSynced},
		{"windows", `\\server\share\f`, none, Network},
		{"windows", `//server/share/f`, none, Network},
		{"windows", `\\?\UNC\server\share\f`, none, Network},
		{"windows", `\\?\C:\Users\ann\f`, none, RiskNone},
		{"windows", `\\?\C:\Users\ann\Dropbox\f`, none, CloudSynced},
		{"darwin", "/Users/ann/Documents/f", none, RiskNone},
		{"darwin", "/Users/ann/Library/CloudStorage/OneDrive-Contoso/f", none, CloudSynced},
		{"darwin", "/Users/ann/Library/CloudStorage/GoogleDrive-ann@example.com/f", none, CloudSynced},
		{"darwin", "/Users/ann/Library/Mobile Documents/com~apple~CloudDocs/f", none, CloudSynced},
		{"darwin", "/Volumes/STICK/f", none, Removable},
		{"darwin", "/Users/ann/Google Drive/f", none, CloudSynced},
		{"linux", "/home/ann/f", none, RiskNone},
		{"linux", "/home/ann/Dropbox/f", none, CloudSynced},
		{"linux", "/home/ann/Nextcloud/work/f", none, CloudSynced},
		{"linux", "/home/ann/dropboxes/f", none, RiskNone},
		{"linux", "/media/ann/STICK/f", none, Removable},
		{"linux", "/run/media/ann/STICK", none, Removable},
		{"linux", "/run/user/1000/gvfs/smb-share:server=s,share=x/f", none, Network},
		{"linux", "/mediatheque/f", none, RiskNone},
	} {
		if got := riskOf(c.goos, c.path, c.env); got != c.want {
			t.Errorf("%s %s: %q, not %q", c.goos, c.path, got, c.want)
		}
	}
}
