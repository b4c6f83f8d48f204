package deliver

import (
	"entrada/internal/flow"
	"entrada/internal/flow/administer"
	"entrada/internal/guides"
	"entrada/internal/journey"
)

// Next is what is left to do outside Entrada, once a connection is saved.
type Next struct {
	State  flow.Callout // whether it is proven
	Lead   string
	Steps  []guides.Instruction // in the vendor's own software
	Expiry string               // when the secret expires
	Recipe *guides.Recipe       // to limit the app to one mailbox; nil without need
	// TestAddress says that the test address may go; "" if it is not ours.
	TestAddress string
}

// WhatComesNext is the end of a journey.
func WhatComesNext(j *journey.Journey) Next {
	g, a := j.Guide(), j.Answers()
	tested := "It was tested with " + a.TestedAs
	if g.AppOnly() {
		tested = "It was tested in the mailbox " + a.TestedAs
	}
	n := Next{
		State: flow.Callout{Tone: flow.Good, Title: "The connection is ready.",
			Words: tested + " and is saved on this computer."},
		Lead:   "What is left happens outside Entrada.",
		Expiry: "The secret expires on **" + j.ExpiryWords() + "**.",
	}
	if j.Sends() && !j.HandedOver() {
		n.State = flow.Callout{Tone: flow.Info,
			Title: "The connection is ready. " + g.Vendor + " does not have it yet.", Words: n.State.Words}
	}
	if a.TestedAt.IsZero() {
		n.State = flow.Callout{Tone: flow.Warning, Title: "The connection is saved, and its test has not passed.",
			Words: "Once what is wrong is mended, test it again: on the first page, or with “entrada-cli test NAME " +
				"--sign-in”."}
	}
	if g.SendTo != "" && (!g.EnterYourself || !j.Sends()) {
		n.Steps = append(n.Steps, guides.Instruction{Text: g.SendTo})
	}
	n.Steps = append(n.Steps, g.NextSteps(j.Choices())...)
	if r, ok := g.OneMailboxRecipe(guides.RecipeValues{ClientID: a.ClientID, Mailbox: a.Inputs[g.MailboxInput()]}); ok {
		n.Recipe = &r
	}
	if administer.OurTestAddress(g, a.Inputs) {
		n.TestAddress = "You can remove **" + guides.TestRedirect +
			"** again, here or in the portal on **Authentication**. Leave it if you want to test later."
	}
	return n
}
