package terminal

import (
	"slices"
	"strconv"
	"strings"

	"entrada/internal/console"
	"entrada/internal/flow"
)

func (w *wizard) block(b flow.Block) {
	switch b := b.(type) {
	case flow.Text:
		if b.Plain {
			w.out.Block(b.Words)
			return
		}
		w.out.Say("", b.Words)
	case flow.Group:
		w.subheading(b.Heading)
		for _, inner := range b.Blocks {
			w.block(inner)
		}
	case flow.Steps:
		w.subheading(b.Heading)
		for i, item := range b.Items {
			w.out.Say("   ", strconv.Itoa(i+1)+". "+item.Words)
			for _, d := range item.Details {
				w.out.Say("     ", "   - "+d)
			}
			if item.Warning != "" {
				w.out.Say("   ", "   **"+item.Warning+"**")
			}
		}
	case flow.List:
		w.subheading(b.Heading)
		if b.Note != "" {
			w.out.Say("  ", "  "+b.Note)
		}
		for _, words := range b.Items {
			if !b.Facts {
				words = "- " + words
			}
			w.out.Say("    ", "  "+console.OneLine(words))
		}
	case flow.Callout:
		w.callout(b)
	case flow.Rows:
		w.subheading(b.Heading)
		for _, r := range b.List {
			writeRow(w.out, r)
		}
	case flow.Fault:
		e := b.Explanation
		if _, here := b.Choice(); !here {
			e = e.Typed()
		}
		w.out.Report(e.Report())
	case flow.Value:
		w.value(b)
	}
}

// value writes something to copy. A secret is shown on a terminal alone.
func (w *wizard) value(v flow.Value) {
	w.out.Line(console.OneLine(v.Label) + ":")
	switch {
	case v.Show && w.out.Terminal:
		w.out.Value(v.Secret.Reveal())
	case !v.Secret.IsEmpty():
		w.out.Line("(hidden)")
	case v.Text != "":
		w.out.Value(v.Text)
	}
	if v.Note != "" {
		w.out.Say("", v.Note)
	}
}

// toneWords say what kind of a remark it is, where its own words may not.
var toneWords = map[flow.Tone]string{flow.Differs: "Differs from the document: ", flow.Warning: "Careful: "}

func (w *wizard) callout(b flow.Callout) {
	text := b.Words
	if b.Title != "" {
		text = "**" + b.Title + "** " + text
	}
	for i, paragraph := range strings.Split(text, "\n") {
		if i == 0 {
			paragraph = toneWords[b.Tone] + paragraph
		}
		w.out.Say("  ", console.OneLine(paragraph))
	}
	for _, words := range b.Items {
		w.out.Say("    ", "  - "+console.OneLine(words))
	}
}

func (w *wizard) subheading(text string) {
	if text != "" {
		w.out.Line(strings.TrimSuffix(console.OneLine(text), ":") + ":")
	}
}

// rowWords are the states of a row; the colours say the same.
var rowWords = map[flow.State][2]string{
	flow.Waiting: {"to do", console.Faint}, flow.Running: {"waiting", console.Yellow}, flow.Well: {"ok", console.Green},
	flow.Failed: {"not ok", console.Red},
	flow.Warned: {"attention", console.Yellow}, flow.Unknown: {"unknown", console.Yellow},
	flow.Skipped: {"skipped", console.Yellow}, flow.NotAsked: {"not asked", console.Faint},
}

// inOneLine are the states that nobody has to do anything about.
var inOneLine = []flow.State{flow.Waiting, flow.Running, flow.Well, flow.Skipped, flow.NotAsked}

// writeRow writes a row with what there is to say of it below, or behind it.
func writeRow(to *console.Output, r flow.Row) {
	const margin = "             " // below the title
	title, details := console.OneLine(r.Title), strings.Split(r.Detail, "\n")
	if slices.Contains(inOneLine, r.State) && len(details) == 1 && r.Detail != "" {
		title, details = title+": "+console.OneLine(r.Detail), nil
	}
	to.Marked(rowWords[r.State][1], "  "+rowWords[r.State][0], len(margin), title)
	if r.Way != "" {
		details = append(details, "Where: "+r.Way+".")
	}
	for _, d := range details {
		if d != "" {
			to.Say(margin, margin+console.OneLine(d))
		}
	}
	if r.Address != "" {
		to.Line(margin + console.OneLine(r.Address))
	}
}
