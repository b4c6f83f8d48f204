package faults

import (
	"strings"
	"testing"
	"time"
)

func TestHowFaultsAreWritten(t *testing.T) {
	for spec, want := range map[string]struct {
		name, value string
		times       int // below zero: without end
	}{
		"secret-wrong":                   {SecretWrong, "", -1},
		"secret-wrong*2":                 {SecretWrong, "", 2},
		"throttle-seconds":               {ThrottleSeconds, "1", -1}, // the default
		"throttle-seconds=":              {ThrottleSeconds, "", -1},
		"throttle-seconds=7":             {ThrottleSeconds, "7", -1},
		"throttle-seconds=7*3":           {ThrottleSeconds, "7", 3},
		"throttle-huge=a*b*1":            {ThrottleHuge, "a*b", 1},
		"redirect-foreign=http://x/?a=b": {RedirectForeign, "http://x/?a=b", -1},
		"latency=20ms*1":                 {Latency, "20ms", 1},
		"html-answer=token":              {HTMLAnswer, "token", -1},
	} {
		b, err := New(spec)
		if err != nil {
			t.Errorf("%s: %v", spec, err)
			continue
		}
		if got := b.Active(); len(got) != 1 || got[0] != spec {
			t.Errorf("%s: active %q", spec, got)
		}
		for i := range 5 {
			looked, on := b.Value(want.name)
			value, hit := b.HitValue(want.name)
			if still := want.times < 0 || i < want.times; on != still || hit != still || still &&
				(looked != want.value || value != want.value) {
				t.Errorf("%s, time %d: %q %v, %q %v", spec, i+1, looked, on, value, hit)
			}
		}
	}
	for _, spec := range []string{"", "*2", "=x", "magic", "Secret-Wrong", "secret-wrong ", "secret-wrong*",
		"secret-wrong*0", "secret-wrong*-1", "secret-wrong*two",
		"latency=soon", "latency=", "latency=5", "clock-skew=*2", "html-answer=tokens", "truncated=login"} {
		if b, err := New(spec); err == nil {
			t.Errorf("%q is taken: %q", spec, b.Active())
		} else if !strings.Contains(err.Error(), "fault") {
			t.Errorf("%q: %v", spec, err)
		}
	}
}

func TestSwitchingOnAgainReplacesAndOffNeedsTheNameAlone(t *testing.T) {
	b, err := New("latency=1s*3", "clock-skew=-2h", "secret-wrong")
	if err != nil {
		t.Fatal(err)
	}
	set := func(spec string, on bool) {
		t.Helper()
		if err := b.Set(spec, on); err != nil {
			t.Error(err)
		}
	}
	set("latency=2s", true)
	set("secret-wrong", false)
	set("secret-wrong", false)
	if got := strings.Join(b.Active(), " "); got != "clock-skew=-2h latency=2s" {
		t.Errorf("active: %q", got) // in the order of the table
	}
	if late := time.Since(b.Now()); late < time.Hour || b.Duration(Latency) != 2*time.Second ||
		b.Duration(SlowReplication) != 0 {
		t.Errorf("late by %v", late)
	}
	set("latency=9s*9", false)
	if b.Hit(Latency) {
		t.Error("still on")
	}
	if b.Set("magic", false) == nil {
		t.Error("an unknown fault is switched off")
	}
}

func TestEveryFaultCanBeSwitchedOnAsItStands(t *testing.T) {
	seen := map[string]bool{}
	for _, f := range Table() {
		if _, err := New(f.Name); err != nil || seen[f.Name] || f.Description == "" {
			t.Errorf("%s: %v", f.Name, err)
		}
		seen[f.Name] = true
	}
}
