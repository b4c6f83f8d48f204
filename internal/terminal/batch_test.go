package terminal

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"entrada/internal/entra/entratest"
	"entrada/internal/practice"
)

// TestManyConnections tests more of them than run at once: all are there, in
// the order of the list, and the culprit of each is named.
func TestManyConnections(t *testing.T) {
	t.Parallel()
	n := startTenant(t, practice.Options{Latency: 5 * time.Millisecond})
	app := n.register(oxfordIQ...)
	home := n.Tenant
	d := n.desk("")
	const many = 60
	for i := range many {
		more := []string{"tenant=" + home, "client=" + app.ClientID, "secret=" + app.Secret}
		switch {
		case i == 7:
			more[2] = "secret=" + entratest.Secret
		case i == 9:
			more[0] = "tenant=" + entratest.TenantID
		case i > 0:
			more[1] = fmt.Sprintf("client=%08d-52a7-4c1d-9b0e-7d2f4a8c6e10", i)
		}
		if i == 7 {
			more[1] = "client=" + strings.ToUpper(app.ClientID) // the same app, another record
			more[0] = "tenant=" + n.Domain
		}
		if err := d.save(fmt.Sprintf("Vendor %02d", i), "oxfordiq", 200, more...); err != nil {
			t.Fatal(err)
		}
	}
	code, out, errOut := d.run(t, t.Context(), "", "test", "--all", "--parallel", "7", "--json", "--practice")
	if code != exitFailed {
		t.Fatalf("exit code %d\n%s%s", code, out, errOut)
	}
	var results []struct {
		Name, ID, Headline, Culprit string
		OK                          bool
		Checks                      []struct {
			ID, Title, State, Detail, Code string
			Took                           int `json:"took_ms"`
		}
	}
	if err := json.Unmarshal([]byte(out), &results); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	if len(results) != many {
		t.Fatalf("%d results", len(results))
	}
	for i, r := range results {
		if r.Name != fmt.Sprintf("Vendor %02d", i) {
			t.Fatalf("result %d is of %s", i, r.Name)
		}
		want := map[int]string{0: "", 7: "secret", 9: "account"}[i]
		if _, special := map[int]bool{0: true, 7: true, 9: true}[i]; !special {
			want = "app-registration"
		}
		if i == 0 && !strings.Contains(out, "Microsoft accepted it; ") {
			t.Errorf("nothing is said of how long the secret works:\n%s", out)
		}
		if i != 9 && r.Culprit != want || r.OK != (i == 0) || len(r.Checks) != 4 {
			t.Errorf("%s: ok %v, culprit %q, %d checks: %s", r.Name, r.OK, r.Culprit, len(r.Checks), r.Headline)
		}
	}
	has(t, errOut, fmt.Sprintf("%d of %d tested", many, many), fmt.Sprintf("%d failed", many-1))

	// The results are remembered, in words that say what was not tried.
	_, out, _ = d.run(t, t.Context(), "", "list", "--practice")
	if got := strings.Count(out, "did not work on"); got < many-3 {
		t.Errorf("%d failures are remembered", got)
	}
	has(t, out, "\tthe secret worked on ", ", nobody signed in\n")
	if code, _, errOut := d.run(t, t.Context(), "", "test", "Vendor 05", "Vendor 00", "--read-only",
		"--practice"); code != exitFailed {
		t.Error(errOut)
	}
}

// TestInterrupted: Ctrl+C ends a long test at once, with what was done, and the
// JSON is whole.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	n := startTenant(t, practice.Options{Latency: 150 * time.Millisecond})
	d := n.desk("")
	for i := range 40 {
		if err := d.save(fmt.Sprintf("Vendor %02d", i), "oxfordiq", 200, "tenant="+n.Tenant,
			fmt.Sprintf("client=%08d-52a7-4c1d-9b0e-7d2f4a8c6e10", i)); err != nil {
			t.Fatal(err)
		}
	}
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var whole, told bytes.Buffer
	interrupted := time.Time{}
	o := d.options("", nil, &told)
	o.Out = writing(func(part []byte) {
		whole.Write(part)
		if interrupted.IsZero() && strings.Count(whole.String(), `"headline"`) == 3 {
			interrupted = time.Now()
			cancel()
		}
	})
	code := Run(ctx, []string{"test", "--all", "--parallel", "2", "--json", "--practice"}, o)
	out, errOut := whole.String(), told.String()
	if code != exitUsage || interrupted.IsZero() || time.Since(interrupted) > 5*time.Second {
		t.Errorf("exit code %d, %s after it was interrupted", code, time.Since(interrupted))
	}
	d.keepsSecrets(func(f string, a ...any) { t.Errorf(f, a...) }, out+errOut)
	var results []json.RawMessage
	if err := json.Unmarshal([]byte(out), &results); err != nil || len(results) < 3 || len(results) > 38 {
		t.Errorf("%d results, %v\n%s", len(results), err, out)
	}
	has(t, errOut, "Cancelled.")
}

// writing looks at what is written as it is.
type writing func([]byte)

func (w writing) Write(part []byte) (int, error) {
	w(part)
	return len(part), nil
}

// TestALimitOfTimeIsAFailure: nobody cancelled it.
func TestALimitOfTimeIsAFailure(t *testing.T) {
	t.Parallel()
	n := startTenant(t, practice.Options{Latency: 400 * time.Millisecond})
	d := n.desk("")
	if err := d.save("Slow", "oxfordiq", 200, "tenant="+n.Tenant); err != nil {
		t.Fatal(err)
	}
	code, out, errOut := d.run(t, t.Context(), "", "test", "Slow", "--timeout", "100ms", "--json", "--practice")
	if code != exitFailed || !strings.Contains(out, `"code": "timed-out"`) {
		t.Errorf("exit code %d\n%s%s", code, out, errOut)
	}
}
