package markup

import (
	"slices"
	"testing"
)

func TestSpans(t *testing.T) {
	for text, want := range map[string][]Span{
		"":      nil,
		"plain": {{"plain", false}},
		"Click **Register** at **the** end**": {{"Click ", false}, {"Register", true}, {" at ", false}, {"the", true},
			{" end**", false}},
		"**all**": {{"all", true}},
		"****":    {{"****", false}},
		"a * b":   {{"a * b", false}},
	} {
		if got := Spans(text); !slices.Equal(got, want) {
			t.Errorf("%q: %+v", text, got)
		}
	}
}

func TestPlain(t *testing.T) {
	for text, want := range map[string]string{"a **b** c": "a b c", "**": "", "a*b": "a*b", "***": "*"} {
		if got := Plain(text); got != want {
			t.Errorf("%q: %q", text, got)
		}
	}
}
