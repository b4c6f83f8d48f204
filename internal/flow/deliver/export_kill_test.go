package deliver

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"filippo.io/age"

	_ "entrada/internal/agefile/agefiletest" // what a passphrase costs is no matter here
	"entrada/internal/app"
	"entrada/internal/app/apptest"
	"entrada/internal/connections"
	"entrada/internal/entra"
	"entrada/internal/entra/entratest"
	"entrada/internal/guides"
	"entrada/internal/handover"
	"entrada/internal/secret"
)

// exporting has the test's own program export again and again until it is
// killed: the variable names the folder, the public key stands in it.
const exporting = "ENTRADA_TEST_EXPORTING"

func pair(dir string) []Output {
	sealed, _ := handover.FormatByID(handover.FormatSealed)
	sheet, _ := handover.FormatByID(handover.FormatPDF)
	return []Output{{Format: sealed, Path: filepath.Join(dir, "all.settings.age")},
		{Format: sheet, Path: filepath.Join(dir, "all.sheet.pdf")}}
}

const (
	clientID = entratest.ClientID
	tenantID = entratest.TenantID
	marker   = entratest.Secret
)

func newApp(t *testing.T) app.App {
	t.Helper()
	return apptest.New(t, entra.Global())
}

// savedRecord is a connection in a store that lives in memory.
func savedRecord(t *testing.T, w *app.App) connections.Record {
	t.Helper()
	r, err := saveIn(t.Context(), t.TempDir(), w)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func saveIn(ctx context.Context, dir string, w *app.App) (connections.Record, error) {
	store, err := connections.Open(dir, connections.MemoryKeychain())
	if err != nil {
		return connections.Record{}, err
	}
	w.Connections = store
	return w.Connections.Save(ctx,
		connections.Record{VendorID: "oxfordiq", VendorName: "OxfordIQ", CloudID: "global", TenantID: tenantID,
			TenantDomain: "contoso.example",
			ClientID:     clientID, SecretExpires: w.Now().AddDate(1, 0, 0)}, secret.New(marker))
}

func TestMain(m *testing.M) {
	if dir := os.Getenv(exporting); dir != "" {
		fmt.Fprintln(os.Stderr, exportUntilKilled(dir))
		os.Exit(1)
	}
	if told := os.Getenv(renewing); told != "" {
		if err := renewUntilKilled(told); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

func exportUntilKilled(dir string) error {
	key, err := os.ReadFile(filepath.Join(dir, "key"))
	if err != nil {
		return err
	}
	w := app.App{Cloud: entra.Global(), Home: dir, Now: time.Now, Version: "test"}
	ctx := context.Background()
	r, err := saveIn(ctx, filepath.Join(dir, "store"), &w)
	if err != nil {
		return err
	}
	for i := 0; ; i++ {
		if i == 1 {
			fmt.Println("ready")
		}
		if err := Export(ctx, w, r, guides.ByID("oxfordiq"), handover.Lock{PublicKey: string(key)}, secret.Value{},
			true, pair(dir)); err != nil {
			return err
		}
	}
}

// E04: killed at any moment, each file of an export is whole, and nothing beside
// it holds the secret in clear.
func TestAKilledExportLeavesWholeFiles(t *testing.T) {
	key, err := age.GenerateX25519Identity()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "store"), 0o700); err != nil {
		t.Fatal(err)
	}
	owner, err := handover.NewKeyFile([]byte(key.String()))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "key"), []byte(key.Recipient().String()), 0o600); err != nil {
		t.Fatal(err)
	}
	for round := range 25 {
		c := exec.CommandContext(t.Context(), os.Args[0])
		c.Env = append(os.Environ(), exporting+"="+dir)
		out, err := c.StdoutPipe()
		if err != nil {
			t.Fatal(err)
		}
		if err := c.Start(); err != nil {
			t.Fatal(err)
		}
		if _, err := out.Read(make([]byte, 16)); err != nil { // it has exported once, and goes on
			t.Fatal(err)
		}
		time.Sleep(time.Duration(round*round) * 100 * time.Microsecond) // each round dies elsewhere
		if err := c.Process.Kill(); err != nil {
			t.Fatal(err)
		}
		_ = c.Wait()
		entries, err := os.ReadDir(dir)
		if err != nil {
			t.Fatal(err)
		}
		for _, e := range entries {
			if e.IsDir() {
				continue
			}
			data, err := os.ReadFile(filepath.Join(dir, e.Name()))
			if err != nil {
				t.Fatal(err)
			}
			if bytes.Contains(data, []byte(marker)) {
				t.Errorf("round %d: %s holds the secret in clear", round, e.Name())
			}
			switch filepath.Ext(e.Name()) {
			case ".age":
				if p, err := handover.OpenWithKeyFile(data, owner); err != nil || p.ClientSecret.Reveal() != marker {
					t.Errorf("round %d: half a file: %v", round, err)
				}
			case ".pdf":
				if !bytes.HasPrefix(data, []byte("%PDF-")) || !bytes.Contains(data, []byte("%%EOF")) {
					t.Errorf("round %d: half a sheet", round)
				}
			}
		}
	}
	if _, err := os.Stat(filepath.Join(dir, "all.settings.age")); err != nil {
		t.Error("nothing was ever exported:", err)
	}
}
