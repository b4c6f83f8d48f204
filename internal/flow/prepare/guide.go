package prepare

import (
	"path/filepath"
	"strings"

	"entrada/internal/app"
	"entrada/internal/explain"
	"entrada/internal/fault"
	"entrada/internal/flow"
	"entrada/internal/guides"
	"entrada/internal/journey"
	"entrada/internal/safefile"
)

// GuideFileLead is said before a guide file is opened.
const GuideFileLead = "You see what it asks for before anything happens. Reading it contacts nobody."

// Bringing is for whom a guide that is not built in is brought, and from where.
type Bringing struct {
	App     app.App
	Journey *journey.Journey
	Back    flow.Step // nil: where the conversation began
}

// Bring says all that a guide brings, in our own words, before it is used. It
// ends as done with the guide chosen, or as forgone.
func Bring(b Bringing, g *guides.Guide) *flow.Screen {
	s := &flow.Screen{ID: "guide", Title: "A guide for " + g.Vendor,
		Lead: "This is all that it brings. Nothing has happened yet.", Back: b.Back}
	tone := flow.Warning
	if g.Origin != guides.OriginFile {
		tone = flow.Info
	}
	title, text := g.Origin.Caution()
	s.Blocks = append(s.Blocks, flow.Callout{Tone: tone, Title: title, Words: text})
	replaces := b.App.Replaces(g)
	if replaces != nil {
		s.Blocks = append(s.Blocks,
			flow.Callout{Tone: flow.Warning, Title: replaces.Title(), Words: strings.Join(replaces.Words(), "\n"),
				Items: lines(replaces.Changes)})
	}
	if g.Origin == guides.OriginFile && g.Summary != "" {
		s.Blocks = append(s.Blocks, flow.Text{Words: "It says of itself: “" + g.Summary + "”"})
	}
	for _, section := range g.Overview() {
		s.Blocks = append(s.Blocks, overview(section)...)
	}
	use := func() *flow.Screen { return b.use(g, b.App.AddGuide) }
	if replaces != nil {
		use = func() *flow.Screen { return b.askToReplace(g, replaces, flow.To(s)) }
	}
	s.Choices = []flow.Choice{
		{ID: "use", Label: "Use this guide", Guarded: true, Next: use},
		{ID: "save", Label: "Save a copy as a file", Text: "for a colleague",
			Next: func() *flow.Screen { return saveCopy(b.App, g, flow.To(s)) }},
		{ID: "no", Label: "Do not use it", Next: flow.Over(flow.Forgone)},
	}
	return s
}

func overview(s guides.Section) []flow.Block {
	list := flow.List{Heading: s.Heading, Note: s.Why, Items: lines(s.Lines)}
	if !s.Risky {
		return []flow.Block{list}
	}
	list.Note = ""
	return []flow.Block{list, flow.Callout{Tone: flow.Warning, Words: s.Why}}
}

func lines(list []guides.Line) (items []string) {
	for _, l := range list {
		text := l.Text
		if l.Detail != "" {
			text += ". " + l.Detail
		}
		items = append(items, text)
	}
	return items
}

// askToReplace asks before a guide takes the place of another.
func (b Bringing) askToReplace(g *guides.Guide, r *app.Replacement, back flow.Step) *flow.Screen {
	question, yes, no := r.Question()
	return &flow.Screen{
		ID: "replace-guide", Title: question, Ask: strings.TrimSuffix(question, "?"), Back: back,
		Blocks: []flow.Block{flow.Callout{Tone: flow.Warning, Title: r.Title(), Words: strings.Join(r.Words(), "\n"),
			Items: lines(r.Changes)}},
		Choices: []flow.Choice{
			{ID: "no", Label: no, Next: back},
			{ID: "yes", Label: yes, Danger: true, Next: func() *flow.Screen { return b.use(g, b.App.ReplaceGuide) }},
		},
	}
}

func (b Bringing) use(g *guides.Guide, keep func(*guides.Guide) error) *flow.Screen {
	if err := keep(g); err != nil {
		return failed("guide-not-used", "This guide cannot be used", err, b.Back)
	}
	b.Journey.ChooseVendor(b.App.GuideByID(g.ID))
	return flow.End(flow.Done)
}

// saveCopy writes the guide where a colleague can be given it.
func saveCopy(a app.App, g *guides.Guide, back flow.Step) *flow.Screen {
	path := &flow.Field{ID: "path", Label: "Save as",
		Value: filepath.Join(a.Suggested(), safefile.SafeName(g.Vendor)+".guide.toml")}
	save := func() *flow.Screen {
		data, err := guides.Encode(g)
		if err == nil {
			err = safefile.Write(path.Value, data, safefile.Options{AnyFolder: true})
		}
		if err != nil {
			return failed("copy-not-saved", "The copy could not be saved", err, back)
		}
		return &flow.Screen{ID: "copy-saved", Title: "The copy is saved",
			Blocks:  []flow.Block{flow.Value{Label: "The file", Text: path.Value}},
			Choices: []flow.Choice{{ID: "go on", Label: "Go on", Next: back}}, Back: back}
	}
	return &flow.Screen{
		ID: "save-copy", Title: "Save a copy as a file", Blocks: []flow.Block{flow.Form{Fields: []*flow.Field{path}}},
		Back:    back,
		Choices: []flow.Choice{{ID: "save", Label: "Save", Next: save}},
	}
}

func failed(id, title string, err error, back flow.Step) *flow.Screen {
	s := &flow.Screen{ID: id, Title: title,
		Blocks: []flow.Block{flow.Fault{Explanation: explain.Error(err, explain.Context{})}}, Back: back}
	if words := fault.Sentence(err); words != "" {
		s.Blocks = []flow.Block{flow.Callout{Tone: flow.Bad, Words: words}}
	}
	if back == nil {
		back = flow.Over(flow.Forgone)
	}
	s.Choices = []flow.Choice{{ID: "back", Label: "Go back", Next: back}}
	return s
}

// invalid is a sentence as an error, nil without one.
func invalid(field, sentence string) error {
	if sentence == "" {
		return nil
	}
	return fault.Invalid(field, sentence)
}
