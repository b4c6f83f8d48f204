package guides

import (
	"fmt"
	"slices"
	"strings"

	"entrada/internal/markup"
	"entrada/internal/words"
)

// Section is one part of the overview of a guide, in Entrada's own words. It contains
// nothing that the guide says about itself. Texts may hold **bold** words.
type Section struct {
	Heading string
	Why     string // one sentence that tells what it means; may be empty
	Risky   bool   // Why is a warning
	Lines   []Line
}

// Line is one thing in a section.
type Line struct {
	Text   string
	Detail string // may be empty
}

// Overview says everything that a guide does: what the vendor may do, where people are
// sent, the switches, whose accounts, what is registered, asked and handed over. Risks
// come first. No guide can hide anything from it.
func (g *Guide) Overview() []Section {
	all := []Section{
		g.permissionSection(Application), g.permissionSection(Delegated), g.redirectSection(), g.switchSection(),
		g.audienceSection(), g.registeredSection(), g.askedSection(), g.handedOverSection(),
	}
	all = slices.DeleteFunc(all, func(s Section) bool { return len(s.Lines) == 0 })
	slices.SortStableFunc(all, func(a, b Section) int {
		switch {
		case a.Risky == b.Risky:
			return 0
		case a.Risky:
			return -1
		}
		return 1
	})
	return all
}

func (g *Guide) permissionSection(kind Kind) Section {
	s := Section{Heading: "With the account of each person who connects, and with no other, it may"}
	if kind == Application {
		s = Section{Heading: "In every mailbox of the organisation it may", Risky: true,
			Why: "Nobody has to sign in for that. It reaches everybody's mailbox, unless you limit it afterwards."}
	}
	every := make([]string, len(g.Features))
	for i, f := range g.Features {
		every[i] = f.ID
	}
	fixed := g.Wanted(nil)
	for _, p := range g.Wanted(every) {
		if p.Kind != kind {
			continue
		}
		l := Line{Text: does(p), Detail: "Microsoft calls it " + p.Name + "."}
		if !slices.ContainsFunc(fixed, func(f Permission) bool { return f.Name == p.Name && f.Kind == p.Kind }) {
			l.Detail += " Only if you choose it; you are asked."
		}
		s.Lines = append(s.Lines, l)
	}
	return s
}

func (g *Guide) redirectSection() Section {
	s := Section{Heading: "After the sign-in, people are sent to",
		Why: "Whoever owns such an address gets the answer of every sign-in. It should be your vendor's."}
	for _, r := range g.Redirects {
		if r.URL != "" {
			s.Lines = append(s.Lines, Line{"**" + r.URL + "**", "Fixed in this guide."})
			continue
		}
		for _, in := range g.Inputs {
			switch {
			case in.ID != r.Input:
			case in.Default != "":
				s.Lines = append(
					s.Lines, Line{"**" + strings.TrimSpace(in.Default) + "**",
						"Filled in by this guide as “" + asName(in.Label) + "”. You may change it."})
			default:
				s.Lines = append(
					s.Lines, Line{"An address that you type", "You are asked for it as “" + asName(in.Label) + "”."})
			}
		}
	}
	return s
}

// switchesTogether is our own warning about the tick boxes on the
// Authentication page, whatever a guide says of them.
const switchesTogether = "They weaken what the client secret protects. Leave them off unless your vendor can say " +
	"what needs them."

func (g *Guide) switchSection() Section {
	return Section{Heading: "It switches on", Why: switchesTogether, Risky: true, Lines: g.Switches.risks()}
}

// risks says of each switch that is on what it allows
// (learn.microsoft.com/entra/identity-platform/v2-oauth2-implicit-grant-flow,
// msal-client-applications).
func (s Switches) risks() []Line {
	var list []Line
	if s.AccessTokens {
		list = append(
			list, Line{"**Access tokens (used for implicit flows)**",
				"Keys to the mailbox are then sent through the browser to the sign-in address. Whoever gets hold " +
					"of one there needs no client secret."})
	}
	if s.IDTokens {
		list = append(
			list, Line{"**ID tokens (used for implicit and hybrid flows)**",
				"The proof of who signed in is then sent through the browser, where it is easier to steal."})
	}
	if s.PublicClient {
		list = append(
			list, Line{"**Allow public client flows**",
				"Any program that knows the client ID, which is no secret, can then ask people to sign in to this " +
					"app, without the client secret."})
	}
	return list
}

func (g *Guide) audienceSection() Section {
	s := Section{Heading: "Whose accounts can sign in"}
	options := g.AudienceOptions("")
	for i, o := range options {
		l := Line{o.Label, o.Meaning}
		if len(options) > 1 {
			l.Detail += " You are asked."
			if i == 0 {
				l.Detail = o.Meaning + " You are asked; this is proposed."
			}
		}
		if o.Audience == MultiTenantPersonal {
			s.Risky, s.Why = true, "Private accounts are under nobody's control but their owners'."
		}
		s.Lines = append(s.Lines, l)
	}
	return s
}

func (g *Guide) registeredSection() Section {
	s := Section{Heading: "What is registered in your organisation", Lines: []Line{
		{"An app with the name **" + asName(g.AppName) + "**",
			fmt.Sprintf(
				"You may choose another name. Its secret lasts %s.",
				words.Plural(g.Secret.Months, "one month", fmt.Sprintf("%d months", g.Secret.Months)))},
	}}
	for _, e := range g.Expose {
		s.Lines = append(
			s.Lines, Line{"An API of the app, with the scope **" + e.Scope + "**", "Other programs can ask for it."})
	}
	return s
}

func (g *Guide) askedSection() Section {
	s := Section{Heading: "What you are asked for"}
	for _, in := range g.Inputs {
		l := Line{Text: asName(in.Label)}
		// stands among the addresses
		address := slices.ContainsFunc(g.Redirects, func(r Redirect) bool { return r.Input == in.ID })
		if in.Default != "" && !address {
			l.Detail = "Filled in by this guide: " + asName(in.Default)
		}
		s.Lines = append(s.Lines, l)
	}
	return s
}

// handedOver says what a field really contains. Its label may say anything.
var handedOver = map[FieldValue]string{
	FromClientID: "the client ID", FromSecretValue: "the client secret", FromSecretID: "the ID of the secret",
	FromTenantID:     "the ID of your organisation",
	FromAuthorizeURL: "an address at Microsoft", FromTokenURL: "an address at Microsoft",
	FromGraphURL: "an address at Microsoft",
	FromScopes:   "the names of the permissions", FromMailboxPassword: "the password of a mailbox",
}

func (g *Guide) handedOverSection() Section {
	s := Section{Heading: "What you hand over"}
	for _, f := range g.Fields {
		l := Line{Text: asName(f.Label), Detail: "This is " + handedOver[f.From] + "."}
		if f.From == FromInput {
			l.Detail = "This is your answer."
			for _, in := range g.Inputs {
				if in.ID == f.Input {
					l.Detail = "This is your answer to “" + asName(in.Label) + "”."
				}
			}
		}
		if f.From == FromMailboxPassword {
			s.Risky, s.Why = true,
				"Whoever has the password of a mailbox can do all that its owner can. Software that works with "+
					"this app needs none."
		}
		s.Lines = append(s.Lines, l)
	}
	return s
}

// Differences lists what changes in the overview when g takes the place of old.
func (g *Guide) Differences(old *Guide) []Line {
	var list []Line
	lack := func(word string, these, those []Section) {
		for _, s := range these {
			at := slices.IndexFunc(those, func(o Section) bool { return o.Heading == s.Heading })
			for _, l := range s.Lines {
				if at < 0 || !slices.Contains(those[at].Lines, l) {
					list = append(list, Line{word + ": " + l.Text, s.Heading + ". " + l.Detail})
				}
			}
		}
	}
	before, after := old.Overview(), g.Overview()
	lack("New", after, before)
	lack("Gone", before, after)
	return list
}

const longestName = 120

// asName prepares a text of a guide for a sentence of ours: on one line, without marks
// for bold words, and not too long.
func asName(text string) string {
	return words.Shorten(words.OneLine(markup.Plain(text)), longestName)
}
