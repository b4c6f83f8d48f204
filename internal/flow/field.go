package flow

import (
	"context"
	"strings"

	"entrada/internal/fault"
	"entrada/internal/secret"
)

// Field is one entry of a form: a text, or a choice if it has options.
type Field struct {
	ID       string
	Label    string
	Hint     string
	Value    string // what it begins with, and what was typed last; nothing secret
	Optional bool
	Mono     bool
	Hidden   bool         // what is typed is not shown, and goes into Secret
	Secret   secret.Value // what was typed last into a hidden field

	Files []string // it is the path of a file with one of these endings, to be chosen
	Wrong string   // why what was typed last was refused; it goes with the next that is typed

	Options []Option // to choose from, in place of typing
	Many    bool     // any number of them, not one

	// Check judges what was typed. Its error has one sentence. nil takes anything.
	Check func(text string) error
	// Good is said of what passed; "" for nothing.
	Good string
	// Changed hears of every change; may be nil.
	Changed func(*Field)
	// Try is something to try with what was typed; may be nil.
	Try *Try
}

// Option is one of several to choose from.
type Option struct {
	ID    string
	Label string
	Text  string
	On    bool
}

// Try is a look at what was typed, beside the form.
type Try struct {
	Label string
	Hint  string
	// Do waits, and says in a sentence what came of it.
	Do func(ctx context.Context, text string) string
}

// Text is what was typed last.
func (f *Field) Text() string {
	if f.Hidden {
		return f.Secret.Reveal()
	}
	return f.Value
}

// Type takes what was typed. A text is tidied of the space around it, a secret is
// not.
func (f *Field) Type(text string) {
	f.Wrong = ""
	if f.Hidden {
		f.Secret = secret.New(text)
	} else {
		f.Value = strings.TrimSpace(text)
	}
	if f.Changed != nil {
		f.Changed(f)
	}
}

// Choose takes which options are on.
func (f *Field) Choose(on []bool) {
	for i := range f.Options {
		f.Options[i].On = on[i]
	}
	if f.Changed != nil {
		f.Changed(f)
	}
}

// Chosen are the IDs of the options that are on.
func (f *Field) Chosen() []string {
	ids := []string{}
	for _, o := range f.Options {
		if o.On {
			ids = append(ids, o.ID)
		}
	}
	return ids
}

// Judge says what is wrong with a text, as an error of kind InvalidInput; nil if
// nothing is.
func (f *Field) Judge(text string) error {
	switch {
	case len(f.Options) > 0:
		if len(f.Chosen()) == 0 && !f.Optional {
			return fault.Invalid(f.ID, "Choose at least one.")
		}
		return nil
	case strings.TrimSpace(text) == "" && f.Optional:
		return nil
	case strings.TrimSpace(text) == "":
		return fault.Invalid(f.ID, "Fill in "+f.Label+" first.")
	case f.Check == nil:
		return nil
	}
	return f.Check(text)
}

// Question is the label, and whether the answer may be left out.
func (f *Field) Question() string {
	if f.Optional {
		return f.Label + " (you may leave this empty)"
	}
	return f.Label
}
