package terminal

import (
	"bytes"
	"context"
	"testing"

	"entrada/internal/console"
	"entrada/internal/fault"
	"entrada/internal/flow"
)

// TestWhatWasStoppedSaysHowFarItCame, where stopping waits for that; what was
// given up says nothing.
func TestWhatWasStoppedSaysHowFarItCame(t *testing.T) {
	for name, c := range map[string]struct {
		way  flow.Choice
		said bool
	}{
		"stopped":  {flow.Choice{ID: "stop", Label: "Stop here"}, true},
		"given up": {flow.Choice{ID: "cancel", Label: "Cancel", Next: flow.Over(flow.Forgone)}, false},
	} {
		ctx, cancel := context.WithCancel(t.Context())
		said := false
		s := &flow.Screen{ID: "working", Title: "Working", Choices: []flow.Choice{c.way}}
		s.Work = func(context.Context, flow.Reporter) flow.Step {
			cancel()
			return func() *flow.Screen {
				said = true
				return flow.End(flow.Done)
			}
		}
		out := console.NewOutput(&bytes.Buffer{})
		w := &wizard{p: &program{in: console.NewInput(&bytes.Buffer{}), err: out}, out: out}
		if exit, err := w.converse(ctx, s); exit != flow.Forgone || !fault.Is(err, fault.Cancelled) || said != c.said {
			t.Errorf("%s: %v, %v, %v", name, exit, err, said)
		}
	}
}

// TestATextToCopyIsShown, and then asked once more.
func TestATextToCopyIsShown(t *testing.T) {
	var out bytes.Buffer
	w := &wizard{p: &program{in: console.NewInput(bytes.NewBufferString("report\n\n")), err: console.NewOutput(&out)},
		out: console.NewOutput(&out)}
	s := &flow.Screen{ID: "over", Title: "It is over", Ask: "What next", Choices: []flow.Choice{
		{ID: "go on", Label: "Next", Next: flow.Over(flow.Done)},
		{ID: "report", Label: "Copy report", Copy: "All is well.\n"},
	}}
	if exit, err := w.converse(t.Context(), s); exit != flow.Done || err != nil {
		t.Errorf("%v, %v", exit, err)
	}
	has(t, out.String(), "\nAll is well.\n")
}

// TestTheNextClickOfAnErrorIsAChoice, once: what the screen offers already is
// not offered again.
func TestTheNextClickOfAnErrorIsAChoice(t *testing.T) {
	f := flow.Fault{Can: flow.Retry(flow.Over(flow.Moved))}
	f.Next.Action, f.Next.Label = "sign-in-again", "Sign in again"
	there := []flow.Choice{{ID: "again", Label: "Try again"}}
	if list := choicesIn(f, there); len(list) != 0 {
		t.Errorf("%+v", list)
	}
	if list := choicesIn(f, nil); len(list) != 1 || list[0].ID != "again" || list[0].Next().Exit != flow.Moved {
		t.Errorf("%+v", list)
	}
	f.Next.Action = "send-to-admin" // no place can do that by itself
	if list := choicesIn(f, nil); len(list) != 0 {
		t.Errorf("%+v", list)
	}
}
