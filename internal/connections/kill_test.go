package connections

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"entrada/internal/secret"
)

func overFile(dir string) Keychain {
	return newGuarded(fileLibrary(dir), func(context.Context) error { return nil }, silentLimit, promptLimit)
}

// dieHalfWay does one thing with the store in dir and dies at a moment.
func dieHalfWay(args []string) {
	dir, what, moment := args[0], args[1], args[2]
	s, err := Open(dir, overFile(dir))
	if err != nil {
		fmt.Println(err)
		return
	}
	s.reached = func(at string) {
		if at == moment {
			self, _ := os.FindProcess(os.Getpid())
			_ = self.Kill()
			select {}
		}
	}
	ctx := context.Background()
	switch what {
	case "save":
		_, err = s.Save(ctx, sample(0), firstSecret)
	case "renew":
		_, err = s.Save(ctx, s.List()[0], secondSecret)
	case "move":
		r := s.List()[0]
		r.ClientID = "44444444-4444-4444-8444-444444444444"
		_, err = s.Save(ctx, r, secondSecret)
	case "remove":
		err = s.Remove(ctx, s.List()[0].ID)
	}
	fmt.Println("survived:", err)
}

// P04: after a kill and a restart, every record has its secret or says that it is
// missing, and no secret lies in the keychain that no record knows.
func TestKilledBetweenKeychainAndFile(t *testing.T) {
	for _, c := range []struct {
		what, moment string
		records      int
		secret       secret.Value // of the one record; empty: missing
		finished     int
	}{
		{"save", "noted", 0, secret.Value{}, 0},
		{"save", "stored", 1, firstSecret, 1},
		{"save", "recorded", 1, firstSecret, 0},
		{"renew", "noted", 1, firstSecret, 0},
		{"renew", "stored", 1, secondSecret, 1},
		{"renew", "recorded", 1, secondSecret, 0},
		{"move", "noted", 1, firstSecret, 0},
		{"move", "stored", 1, secondSecret, 1},
		{"move", "recorded", 1, secondSecret, 0},
		{"remove", "deleted", 1, secret.Value{}, 0},
	} {
		t.Run(c.what+" "+c.moment, func(t *testing.T) {
			dir, ctx := folder(t), t.Context()
			if c.what != "save" {
				_, err := open(t, dir, overFile(dir)).Save(ctx, sample(0), firstSecret)
				must(t, err)
			}
			exe, err := os.Executable()
			must(t, err)
			cmd := exec.Command(exe)
			cmd.Env = append(os.Environ(), killVariable+"="+fmt.Sprint(dir, " ", c.what, " ", c.moment))
			if out, err := cmd.CombinedOutput(); err == nil {
				t.Fatalf("the program lived on: %s", out)
			}

			s := open(t, dir, overFile(dir))
			report, err := s.Reconcile(ctx)
			must(t, err)
			if len(report.Finished) != c.finished || len(s.List()) != c.records {
				t.Fatalf("%+v with %d records", report, len(s.List()))
			}
			known := map[string]bool{}
			for _, r := range s.List() {
				known[r.account()] = true
				v, err := s.Secret(ctx, r.ID)
				if c.secret.IsEmpty() != (err != nil) || !v.Equal(c.secret) {
					t.Errorf("another secret than expected (%v)", err)
				}
				if r.SecretGone != c.secret.IsEmpty() {
					t.Error("the list is wrong about the secret")
				}
			}
			for account := range fileLibrary(dir).load() {
				if !known[account] {
					t.Errorf("an orphan in the keychain: %s", account)
				}
			}
			if again, err := s.Reconcile(ctx); err != nil || len(again.Finished)+again.Deleted != 0 {
				t.Errorf("the second time: %+v %v", again, err)
			}
			must(t, s.RemoveEverything(ctx))
			if left := fileLibrary(dir).load(); len(left) != 0 {
				t.Errorf("left: %v", left)
			}
			if _, err := os.Stat(filepath.Join(dir, fileName)); err == nil {
				t.Error("the file is still there")
			}
		})
	}
}

// What another Entrada is just saving is not taken for a leftover.
func TestReconcileLeavesASaveUnderWayAlone(t *testing.T) {
	dir, ctx, kc := folder(t), t.Context(), MemoryKeychain()
	saving, other := open(t, dir, kc), open(t, dir, kc)
	looked := false
	saving.reached = func(at string) {
		if at != "stored" {
			return
		}
		looked = true
		report, err := other.Reconcile(ctx)
		if err != nil || len(report.Finished)+report.Deleted != 0 {
			t.Errorf("%+v %v", report, err)
		}
	}
	r, err := saving.Save(ctx, sample(0), firstSecret)
	must(t, err)
	if !looked {
		t.Fatal("the moment did not come")
	}
	_, err = saving.Secret(ctx, r.ID)
	must(t, err)
}
