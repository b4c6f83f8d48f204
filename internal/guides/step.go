package guides

import (
	"entrada/internal/entra"
)

// StepID names one step in the portal.
type StepID string

// The steps, in the order in which the portal lets them be done.
const (
	StepRegister    StepID = "register"
	StepRedirect    StepID = "redirect"
	StepPermissions StepID = "permissions"
	StepConsent     StepID = "consent"
	StepExpose      StepID = "expose"
	StepSecret      StepID = "secret"
)

// Step is what one wizard page says about one portal page. All its texts may
// hold **bold** words, for package markup.
type Step struct {
	ID           StepID
	Rail         string           // the short name in the rail: "Register the app"
	Title        string           // "Register the app in Microsoft Entra"
	Why          string           // the reason, one or two sentences
	Page         entra.PortalPage // what "Open it for me" opens
	Path         string           // the way there in words: "Entra ID > App registrations > New registration"
	Instructions []Instruction
	Notes        []Note
	Sketch       Sketch
	NotSeen      []string // "I don't see this page": other wordings and ways, a line each
}

// Instruction is one numbered thing to do.
type Instruction struct {
	Text   string
	Opens  bool    // carries the button that opens Step.Page
	Values []Value // each with a copy button
	After  string  // a small remark below the values
}

// Value is something to copy into the portal.
type Value struct {
	Text    string // exactly what is copied
	Meaning string // a few words: "send mail as the person"
	Group   string // in a long list, the heading under which the portal shows it; else ""
}

// Tone says how a note is meant.
type Tone string

// The tones.
const (
	ToneDiffers Tone = "differs" // the vendor's document and today's portal or the truth differ
	ToneWarning Tone = "warning" // a risk
	ToneInfo    Tone = "info"
)

// Note stands beside the instructions.
type Note struct {
	Tone  Tone
	Title string
	Text  string
	Ours  bool // not in the vendor's document: we added it
}

// Sketch is a drawing of a portal page as data: enough to recognise the page
// and to see where to click, no screenshot. Whatever is Ringed is the thing to
// click.
type Sketch struct {
	Breadcrumb []string // "App registrations", "OxfordIQ Outlook Integration"
	Menu       []string // the app's menu at the left; empty on pages without one
	MenuRinged string   // the menu entry to click, "" if none
	Heading    string
	Blocks     []Block
}

// BlockKind says how a block of a sketch is drawn.
type BlockKind string

// The kinds of block.
const (
	BlockCommands BlockKind = "commands" // a row of command buttons: Items
	BlockTabs     BlockKind = "tabs"     // a row of tabs: Items, one Chosen
	BlockField    BlockKind = "field"    // Label above a box with Value
	BlockChoices  BlockKind = "choices"  // radio buttons or tick boxes under Label: Items
	BlockTable    BlockKind = "table"    // Label as head row, Items as rows with Detail at the right
	BlockText     BlockKind = "text"     // Value as small text
	BlockButton   BlockKind = "button"   // a blue button with Label
)

// Block is one part of a sketched page.
type Block struct {
	Kind   BlockKind
	Label  string
	Value  string
	Ringed bool
	Items  []BlockItem
}

// BlockItem is a button, tab, choice or row within a block.
type BlockItem struct {
	Text   string
	Detail string
	Ringed bool
	Chosen bool
}
