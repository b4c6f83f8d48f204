package terminal

import (
	"encoding/json"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"entrada/internal/checks"
	"entrada/internal/practice"
)

var namesLine = regexp.MustCompile(`^    ([a-z_]+(?:, [a-z_]+)*)(?:  .*)?$`)

// documented are the names in each part of a contract, one part for each run of
// lines that name something.
func documented(t *testing.T, contract string) (parts [][]string) {
	t.Helper()
	within := false
	for line := range strings.Lines(contract) {
		line = strings.TrimRight(line, "\n")
		m := namesLine.FindStringSubmatch(line)
		switch {
		case m != nil && !within:
			parts = append(parts, nil)
			fallthrough
		case m != nil:
			parts[len(parts)-1] = append(parts[len(parts)-1], strings.Split(m[1], ", ")...)
		}
		within = strings.HasPrefix(line, "    ")
	}
	return parts
}

// members are the names that a type can print.
func members(of any) (names []string) {
	kind := reflect.TypeOf(of)
	for i := range kind.NumField() {
		name, _, _ := strings.Cut(kind.Field(i).Tag.Get("json"), ",")
		if name != "" && name != "-" {
			names = append(names, name)
		}
	}
	return names
}

func sameNames(t *testing.T, what string, a, b []string) {
	t.Helper()
	a, b = slices.Sorted(slices.Values(a)), slices.Sorted(slices.Values(b))
	if !slices.Equal(a, b) {
		t.Errorf("%s: %v, but %v", what, a, b)
	}
}

// TestTheContractIsWhatIsPrinted: the help names every member that can come, and
// what really comes has no other.
func TestTheContractIsWhatIsPrinted(t *testing.T) {
	t.Parallel()
	test, list := documented(t, testContract), documented(t, listContract)
	if len(test) != 3 || len(list) != 1 {
		t.Fatalf("%v %v", test, list)
	}
	sameNames(t, "of a test", test[0], members(checks.Report{}))
	sameNames(t, "of a check", test[1], members(checks.Line{}))
	sameNames(t, "of a cause", test[2], members(checks.Cause{}))
	sameNames(t, "of list", list[0], members(listed{}))
	sameNames(t, "of renew", documented(t, renewContract)[0], members(renewed{}))

	n := startTenant(t, practice.Options{})
	app := n.register(oxfordIQ...)
	d := n.desk("")
	for name, wrong := range map[string]string{"Well": "", "Wrong": "client=3f6b1c9e-52a7-4c1d-9b0e-7d2f4a8c6e11"} {
		more := []string{"client=" + app.ClientID, "tenant=" + n.Tenant, "secret=" + app.Secret}
		if wrong != "" {
			more[0] = wrong
		}
		if err := d.save(name, "oxfordiq", 200, more...); err != nil {
			t.Fatal(err)
		}
	}
	code, out, errOut := d.run(t, t.Context(), "", "test", "--all", "--json", "--practice")
	if code != exitFailed {
		t.Fatal(errOut)
	}
	var results []map[string]any
	if err := json.Unmarshal([]byte(out), &results); err != nil || len(results) != 2 {
		t.Fatalf("%d, %v", len(results), err)
	}
	optional := []string{"signed_in_as", "mailbox", "cause", "next_url", "code", "message", "correlation_id",
		"request_id", "trace_id", "when"}
	hold := func(what string, came map[string]any, names []string) {
		for name := range maps.Keys(came) {
			if !slices.Contains(names, name) {
				t.Errorf("%s prints %q, which is not documented", what, name)
			}
		}
		for _, name := range names {
			if _, ok := came[name]; !ok && !slices.Contains(optional, name) {
				t.Errorf("%s does not print %q", what, name)
			}
		}
	}
	failures := 0
	for _, r := range results {
		hold("test", r, test[0])
		for _, c := range r["checks"].([]any) {
			hold("a check", c.(map[string]any), test[1])
		}
		if cause, ok := r["cause"].(map[string]any); ok {
			failures++
			hold("a cause", cause, test[2])
			if r["ok"] != false || r["culprit"] == "" {
				t.Errorf("%v", r)
			}
		}
	}
	if failures != 1 {
		t.Errorf("%d causes", failures)
	}
}
