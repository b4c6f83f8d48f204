package prepare

import (
	"strings"
	"testing"

	"entrada/internal/app/apptest"
	"entrada/internal/explain"
	"entrada/internal/flow"
	"entrada/internal/guides"
	"entrada/internal/journey"
	"entrada/internal/practice/practicetest"
)

// What a guide would refuse is said at its field, in a sentence of its own; and who
// goes back from the summary finds all that was typed and ticked.
func TestAGuideOfOnesOwn(t *testing.T) {
	a := apptest.New(t, practicetest.Nowhere())
	s := NewGuide(Bringing{App: a, Journey: journey.New(a)})
	fields := map[string]*flow.Field{}
	for _, f := range s.Blocks[0].(flow.Form).Fields {
		fields[f.ID] = f
	}
	for name, sentence := range map[string]string{
		"": "Fill in Name of the vendor first.", "  ": "Fill in Name of the vendor first.",
		"…":                                     "at least one plain letter",
		strings.Repeat("a", guides.MaxVendor+1): "at most 40 characters", "Oxford IQ": "reads like that of OxfordIQ",
		"oxfordiq": "There is a built-in guide", "Асme": "alphabets", strings.Repeat("ü", 90) + "a": "at most 40",
	} {
		if err := fields["vendor"].Judge(name); !strings.Contains(explain.Sentence(err), sentence) {
			t.Errorf("%q: “%s”, want “%s”", name, explain.Sentence(err), sentence)
		}
	}
	name := strings.Repeat("a", guides.MaxVendor)
	if err := fields["vendor"].Judge(name); err != nil {
		t.Error(err)
	}
	fields["vendor"].Type(name)
	fields["redirect"].Type("https://acme.example/cb")
	on := make([]bool, len(fields["abilities"].Options))
	on[0], on[3] = true, true
	fields["abilities"].Choose(on)
	summary := s.Choices[0].Next()
	if summary.ID != "guide" {
		t.Fatalf("%q: %+v", summary.ID, summary.Blocks)
	}
	again := summary.Back()
	for _, f := range again.Blocks[0].(flow.Form).Fields {
		want := map[string]string{"vendor": name, "redirect": "https://acme.example/cb"}[f.ID]
		if f.Value != want {
			t.Errorf("%s is %q after going back", f.ID, f.Value)
		}
		if f.ID == "abilities" && len(f.Chosen()) != 2 {
			t.Errorf("ticked are %v", f.Chosen())
		}
	}
}
