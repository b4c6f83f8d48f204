package terminal

import (
	"context"
	"errors"
	"path/filepath"
	"strings"

	"entrada/internal/app"
	"entrada/internal/entra"
	"entrada/internal/explain"
	"entrada/internal/guides"
	"entrada/internal/safefile"
)

// askNewGuide makes a guide for a vendor that is not listed, by asking.
func (w *wizard) askNewGuide(ctx context.Context) (used bool, err error) {
	w.out.say("", "Tell us what the vendor's software is to do. The permissions follow from it.")
	w.out.blank()
	for {
		wish, err := w.askWish(ctx)
		if err != nil {
			return false, err
		}
		g, err := guides.Build(wish)
		if err != nil {
			w.out.line("This does not make a guide yet.")
			w.p.explain(w.out, err, explain.Context{})
			w.out.blank()
			continue
		}
		return w.offerGuide(ctx, g)
	}
}

func (w *wizard) askWish(ctx context.Context) (wish guides.Wish, err error) {
	err = w.until(ctx, "Name of the vendor, as it is to stand in the portal and in your list", "", func(text string) string {
		if wish.Vendor = strings.TrimSpace(text); wish.Vendor == "" {
			return "Type the name of the vendor."
		}
		return ""
	})
	if err != nil {
		return wish, err
	}
	w.out.blank()
	if wish.Abilities, err = w.askAbilities(ctx); err != nil {
		return wish, err
	}
	w.out.blank()
	who, err := w.choose(ctx, "Who signs in", []option{
		{id: "person", title: "Each person signs in", text: "the software works in the name of whoever connects. This is the usual way"},
		{id: "itself", title: "The software works by itself", text: "it reaches every mailbox of the organisation, unless it is limited afterwards"},
	}, 0)
	if wish.ByItself = who == 1; err != nil || wish.ByItself {
		return wish, err
	}
	err = w.until(ctx, "Redirect URL, also called callback URL or return URL (you may leave this empty)", "", func(text string) string {
		if wish.RedirectURL, _ = entra.CleanPaste(text); wish.RedirectURL == "" {
			return ""
		}
		return entra.RedirectProblem(wish.RedirectURL, false)
	})
	return wish, err
}

func (w *wizard) askAbilities(ctx context.Context) (ids []string, err error) {
	abilities := guides.Abilities()
	options := make([]option, len(abilities))
	for i, a := range abilities {
		options[i] = option{id: a.ID, title: a.Label}
	}
	for {
		chosen, err := w.chooseMany(ctx, "What is it to do?", options, make([]bool, len(options)))
		if err != nil {
			return nil, err
		}
		for i, a := range abilities {
			if chosen[i] {
				ids = append(ids, a.ID)
			}
		}
		if len(ids) > 0 {
			return ids, nil
		}
		w.out.line("Choose at least one.")
	}
}

// askGuideFile opens a guide file. Reading it asks nobody anything.
func (w *wizard) askGuideFile(ctx context.Context) (used bool, err error) {
	w.out.say("", "You see what it asks for before anything happens. Reading it asks nobody anything.")
	for {
		path, err := w.ask(ctx, "Guide file, which ends in .toml", "")
		if err != nil {
			return false, err
		}
		if path = strings.TrimSpace(path); path == "" {
			continue
		}
		g, err := app.LoadGuide(path)
		if err != nil {
			w.out.blank()
			w.p.explain(w.out, err, explain.Context{})
			w.out.blank()
			continue
		}
		return w.offerGuide(ctx, g)
	}
}

// offerGuide says what a guide asks for and what that allows, and takes it if
// the person wants it.
func (w *wizard) offerGuide(ctx context.Context, g *guides.Guide) (used bool, err error) {
	w.guideSummary(g)
	for {
		i, err := w.choose(ctx, "What now", []option{
			{id: "use", title: "Use this guide"},
			{id: "save", title: "Save a copy as a file", text: "for a colleague"},
			{id: "no", title: "Do not use it"},
		}, -1)
		switch {
		case err != nil || i == 2:
			return false, err
		case i == 1:
			if err := w.saveGuide(ctx, g); err != nil {
				return false, err
			}
			continue
		}
		keep := w.p.app.AddGuide
		if r := w.p.app.Replaces(g); r != nil {
			question, yes, no := r.Question()
			i, err := w.choose(ctx, strings.TrimSuffix(question, "?"), []option{{id: "no", title: no}, {id: "yes", title: yes}}, 0)
			if err != nil || i == 0 {
				return false, err
			}
			keep = w.p.app.ReplaceGuide
		}
		if err := keep(g); err != nil {
			w.out.blank()
			w.p.explain(w.out, err, explain.Context{})
			w.out.blank()
			return false, nil
		}
		w.j.ChooseVendor(w.p.app.GuideByID(g.ID))
		return true, nil
	}
}

// guideSummary says the same as the window's page for a guide that is not built
// in.
func (w *wizard) guideSummary(g *guides.Guide) {
	w.out.heading("A guide for " + g.Vendor)
	w.out.say("", "This is all that it brings. Nothing has happened yet.")
	w.out.blank()
	title, text := g.Origin.Caution()
	w.out.say("", "**"+title+"** "+text)
	if r := w.p.app.Replaces(g); r != nil {
		w.out.blank()
		w.out.say("", "**"+r.Title()+"**")
		for _, words := range r.Words() {
			w.out.say("", words)
		}
		w.lines(r.Changes)
	}
	if g.Origin == guides.OriginFile && g.Summary != "" {
		w.out.blank()
		w.out.say("", "It says of itself: “"+g.Summary+"”")
	}
	for _, s := range g.Overview() {
		w.out.blank()
		w.out.say("", "**"+s.Heading+":**")
		switch {
		case s.Risky:
			w.out.say("  ", "  Careful: "+s.Why)
		case s.Why != "":
			w.out.say("  ", "  "+s.Why)
		}
		w.lines(s.Lines)
	}
	w.out.blank()
}

func (w *wizard) lines(list []guides.Line) {
	for _, l := range list {
		text := "- " + l.Text
		if l.Detail != "" {
			text += ". " + l.Detail
		}
		w.out.say("    ", "  "+text)
	}
}

// saveGuide writes a copy where a colleague can be given it.
func (w *wizard) saveGuide(ctx context.Context, g *guides.Guide) error {
	path, err := w.ask(ctx, "Save as", filepath.Join(safefile.Documents(), safefile.SafeName(g.Vendor)+".guide.toml"))
	if err != nil {
		return err
	}
	data, err := guides.Encode(g)
	if err == nil {
		err = safefile.Write(strings.TrimSpace(path), data, safefile.Options{AnyFolder: true})
	}
	if err != nil {
		w.p.explain(w.out, err, explain.Context{})
	} else {
		w.out.line("Saved: " + oneLine(path))
	}
	w.out.blank()
	return nil
}

// askVendor asks whose software it is for: one that is listed, or another.
func (w *wizard) askVendor(ctx context.Context) error {
	w.out.say("", "Somebody asked you for a Client ID and a Client Secret for Outlook. Whose software is it for?")
	w.out.say("", "Every question takes **back**, **quit** and **help**. You can stop anywhere and come back.")
	for {
		all := w.p.app.EveryGuide()
		options, proposed := make([]option, len(all), len(all)+2), -1
		for i, g := range all {
			options[i] = option{g.ID, g.Label(), g.Summary}
			if w.j.Guide() != nil && w.j.Guide().ID == g.ID {
				proposed = i
			}
		}
		options = append(options,
			option{"not listed", "My vendor isn't listed", "answer some questions, and a guide is made of them"},
			option{"file", "Open a guide file", "from your vendor or from a colleague"})
		w.out.blank()
		i, err := w.choose(ctx, "Vendor", options, proposed)
		if err != nil {
			return err
		}
		if i < len(all) {
			w.j.ChooseVendor(all[i])
			return nil
		}
		ask := w.askNewGuide
		if i > len(all) {
			ask = w.askGuideFile
		}
		w.out.blank()
		used, err := ask(ctx)
		if used || err != nil && !errors.Is(err, errBack) {
			return err
		}
	}
}

// guideGone is said of a saved connection whose vendor's guide is nowhere.
const guideGone = "the guide of this vendor is neither part of this version of Entrada nor among your own"
