package administer

import (
	"path/filepath"
	"strings"

	"entrada/internal/app"
	"entrada/internal/flow"
	"entrada/internal/registration"
	"entrada/internal/safefile"
	"entrada/internal/words"
)

// ReadRequest opens a request that a colleague without the role has sent.
// Nothing happens but reading.
func ReadRequest(path string) (registration.Plan, error) {
	data, err := safefile.Read(path, registration.MaxPlanFile)
	if err != nil {
		return registration.Plan{}, err
	}
	return registration.ReadPlan(data)
}

// SaveRequest writes what somebody with the role has to do: words to read, and
// a file to open in Entrada. Neither holds a secret. from is who asks.
func SaveRequest(r app.Registration, p registration.Plan, from, folder string) (words, file string, err error) {
	name := filepath.Join(folder, safefile.SafeName("Request "+p.Wanted.Vendor))
	words, file = name+".txt", name+".json"
	data, err := p.JSON()
	if err != nil {
		return "", "", err
	}
	o := safefile.Options{Overwrite: true, AnyFolder: true}
	if err := safefile.Write(file, data, o); err != nil {
		return "", "", err
	}
	return words, file, safefile.Write(words, []byte(p.Sheet(from, r.Domain)), o)
}

// requestIntro says what a request asks for. Carrying it out begins with a
// sign-in and a plan made anew, from what is really there.
func (c *Conversation) requestIntro() *flow.Screen {
	plan := c.request
	name, made := "“"+plan.Wanted.AppName+"”", plan.Made.Local().Format(words.Date)
	s := &flow.Screen{
		ID: "request", Title: "A request for " + plan.Wanted.Vendor,
		Lead: "A new app, " + name + ", tenant ID " + plan.TenantID + ". The request was made on " + made + ".",
		Blocks: []flow.Block{flow.Callout{Tone: flow.Warning, Title: "Is this what you expect?",
			Words: "A file can come from anybody. Carry it out only if you know who sent it, and why."}},
		Choices: []flow.Choice{c.by.Choice("Sign in and look at the plan"), c.by.Another()},
	}
	if plan.ClientID != "" {
		s.Lead = "It is about an app that exists, in the organisation with the tenant ID " + plan.TenantID +
			". The request was made on " + made + "."
		s.Blocks = append(s.Blocks,
			flow.List{Heading: "App: " + name + ", as the request calls it", Facts: true, Items: []string{
				"Client ID: " + plan.ClientID,
				"After you have signed in, you see what the app with this client ID is really called, before " +
					"anything happens.",
			}})
	}
	s.Blocks = append(s.Blocks, unknownHosts(plan.Wanted)...)
	s.Blocks = append(s.Blocks, flow.Reach(plan.Wanted, 0)...) // counted when the plan is made anew
	s.Blocks = append(s.Blocks, flow.Steps{Heading: "What it asks for", Items: changes(*plan, false)},
		flow.Text{Words: "You sign in as an administrator and see a plan, made anew from what is really there, " +
			"before anything happens."}, c.by.Note())
	return s
}

// saveRequest is the way on for who lacks a role: what somebody else has to do,
// as words to read and as a file to open in Entrada. back leads to where it was
// offered.
func (c *Conversation) saveRequest(plan registration.Plan, back flow.Step, label string) flow.Choice {
	ask := func() *flow.Screen {
		folder := &flow.Field{ID: "folder", Label: "In which folder", Value: c.app.Suggested(),
			Hint: "Two files are written there. Neither holds a secret."}
		return &flow.Screen{
			ID: "save-request", Title: "Save a request", Lead: "For the person who has the role.", Back: back,
			Blocks: []flow.Block{flow.Form{Fields: []*flow.Field{folder}}},
			Choices: []flow.Choice{{ID: "save", Label: "Save the request", Next: func() *flow.Screen {
				return c.requestSaved(plan, strings.TrimSpace(folder.Value), back)
			}}},
		}
	}
	return flow.Choice{ID: "request", Label: label, Text: "for the person who has the role", Next: ask}
}

func (c *Conversation) requestSaved(plan registration.Plan, folder string, back flow.Step) *flow.Screen {
	words, file, err := SaveRequest(c.reg, plan, c.account.Username, folder)
	if err != nil {
		again := c.saveRequest(plan, back, "Try again")
		return &flow.Screen{ID: "request-not-saved", Title: "The request could not be saved", Back: back,
			Blocks:  []flow.Block{c.explained(err, flow.Retry(again.Next))},
			Choices: []flow.Choice{again, {ID: "back", Label: "Go back", Next: back}}}
	}
	if len(c.others.Changes) > 0 {
		c.others = registration.Plan{}
	}
	return &flow.Screen{
		ID: "request-saved", Title: "The request is saved",
		Lead: "Send both files to the person who has the role. Neither holds a secret.", Back: back,
		Blocks: []flow.Block{flow.Value{Label: "To read", Text: words},
			flow.Value{Label: "To open in Entrada", Text: file},
			flow.Text{Quiet: true,
				Words: "It is opened by **Open a request** on the first page, or by “entrada-cli setup --request " +
					"FILE”."}},
		Choices: []flow.Choice{{ID: "back", Label: "Go on", Next: back}},
	}
}
