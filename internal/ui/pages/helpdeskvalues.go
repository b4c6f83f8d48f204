package pages

import (
	"path/filepath"
	"strings"

	"fyne.io/fyne/v2"

	"entrada/internal/app"
	"entrada/internal/entra"
	"entrada/internal/explain"
	"entrada/internal/flow/prepare"
	"entrada/internal/flow/prove"
	"entrada/internal/guides"
	"entrada/internal/secret"
	"entrada/internal/ui/parts"
)

// unsaved are values to test of which nothing is kept: typed, or from a file.
// They are gone when something else is chosen or the page is left.
type unsaved struct {
	prove.Values
	file string // where they come from; "" for typed

	fromFile  *guides.Guide // what the file says that the vendor may do
	kind      int           // what was chosen, in the order of kinds
	abilities []bool
	byItself  bool
	fields    []*parts.Field // to be wiped
}

// wipe empties the fields too, so that nothing typed is left in memory by them.
func (v *unsaved) wipe() {
	for _, f := range v.fields {
		f.Wipe()
	}
	*v = unsaved{}
}

func (v *unsaved) name() string {
	if v.file != "" {
		return filepath.Base(v.file)
	}
	return "Values that are not saved"
}

// kinds are what can be tested: as a file says, as a guide says, or what the
// reader ticks.
func (v *unsaved) kinds(w app.App) (labels []string, list []*guides.Guide) {
	if v.fromFile != nil {
		labels, list = append(labels, "What the file says ("+v.fromFile.Vendor+")"), append(list, v.fromFile)
	}
	labels, list = append(labels, "Only organisation, app and secret"), append(list, prove.Nothing())
	for _, g := range w.EveryGuide() {
		labels, list = append(labels, g.Label()), append(list, g)
	}
	return append(labels, "Another vendor: I choose"), list
}

// choose takes the guide of the chosen kind.
func (v *unsaved) choose(list []*guides.Guide) {
	if v.kind < len(list) {
		v.Guide = list[v.kind]
		return
	}
	var ticked []guides.Ability
	for i, a := range guides.Abilities() {
		if i < len(v.abilities) && v.abilities[i] {
			ticked = append(ticked, a)
		}
	}
	v.Guide = prove.Allowed(ticked, v.byItself)
}

// valuesForm asks for values that are not saved.
type valuesForm struct {
	*unsaved
	app     app.App
	wishes  *testWishes
	changed func() // after each change

	organisation, client, key *parts.Field
	kindSelect                fyne.CanvasObject
	more                      *parts.Slot // what the kind leaves open
	missing                   *parts.Slot // what is missing of it
	pick                      func(kind int)
}

func newValuesForm(a app.App, v *unsaved, wishes *testWishes, changed func()) *valuesForm {
	f := &valuesForm{unsaved: v, app: a, wishes: wishes, more: parts.NewSlot(), missing: parts.NewSlot()}
	f.changed = func() { f.missing.Clear(); changed() }
	f.organisation = parts.NewField(parts.FieldOptions{
		Label: "Organisation", Placeholder: "you@yourcompany.com",
		Hint: "An e-mail address of it, its domain, or its tenant ID.", Changed: f.organisationChanged,
	})
	f.client = parts.NewField(parts.FieldOptions{
		Label: prepare.ClientIDLabel, Mono: true, Paste: true, Changed: f.clientChanged,
	})
	f.key = parts.NewField(parts.FieldOptions{Label: "Client secret value", Secret: true, Changed: f.secretChanged})
	v.fields = []*parts.Field{f.organisation, f.client, f.key}
	labels, list := v.kinds(a)
	f.pick = func(kind int) {
		v.kind = kind
		v.choose(list)
		f.more.Clear()
		if o := f.kindPart(kind == len(list)); o != nil {
			f.more.Fill(o)
		}
		f.changed()
	}
	f.kindSelect = parts.NewSelect("What to test", labels, v.kind, f.pick)
	return f
}

// demand leads to what is missing.
func (f *valuesForm) demand() {
	for _, d := range []struct {
		field *parts.Field
		given bool
	}{{f.organisation, f.Organisation != ""}, {f.client, f.ClientID != ""}, {f.key, !f.Secret.IsEmpty()}} {
		if !d.given {
			d.field.Demand("Fill in " + d.field.Label() + " first.")
			return
		}
	}
	f.missing.Fill(parts.NewCallout(parts.ToneBad, "",
		"Say what to test, and in which mailbox where one is asked for."))
}

func (f *valuesForm) title() string {
	if f.file != "" {
		return "Test an exported file"
	}
	return "Test values that you type in"
}

func (f *valuesForm) body() []fyne.CanvasObject {
	var body []fyne.CanvasObject
	if f.file != "" {
		body = append(body, parts.NewCallout(parts.ToneInfo, f.name()+":", "the values in it are filled in below."))
	}
	return append(body, f.organisation, f.client, f.key,
		parts.Column(6, parts.Strong("What to test"), f.kindSelect), f.more, f.missing, f.wishes.lookOnlyBox())
}

// restore fills in what is known, once the form is shown. It returns the field to
// go to, or nil for the first.
func (f *valuesForm) restore() fyne.Focusable {
	organisation, id, value := f.Organisation, f.ClientID, f.Secret
	showVerdict(f.client, entra.CheckClientID("", entra.Known{}), "")
	f.key.SetStatus(parts.StatusNeutral, "The column **Value** on Certificates & secrets.")
	withoutSecret := f.file != "" && value.IsEmpty()
	if withoutSecret {
		f.key.SetStatus(parts.StatusWarn, "The file does not hold the secret. Paste it here.")
	}
	known := map[*parts.Field]string{f.organisation: organisation, f.client: id, f.key: value.Reveal()}
	for field, text := range known {
		if text != "" {
			field.SetText(text)
		}
	}
	f.pick(f.kind)
	if withoutSecret && organisation != "" && id != "" {
		return f.key.Entry()
	}
	return nil
}

func (f *valuesForm) organisationChanged(text string) {
	f.Organisation = ""
	if _, err := entra.ParseOrganisation(text); text == "" {
		f.organisation.SetStatus(parts.StatusNeutral, "")
	} else if err != nil {
		f.organisation.SetStatus(parts.StatusBad, explain.Sentence(err))
	} else {
		f.Organisation = strings.TrimSpace(text)
		f.organisation.SetStatus(parts.StatusNeutral, "It has the right form.")
	}
	f.changed()
}

func (f *valuesForm) clientChanged(text string) {
	verdict := entra.CheckClientID(text, entra.Known{})
	showVerdict(f.client, verdict, "It has the right form.")
	f.ClientID = ""
	if verdict.State == entra.Good {
		f.ClientID = verdict.Clean
	}
	f.changed()
}

func (f *valuesForm) secretChanged(text string) {
	verdict := entra.CheckSecretValue(text, entra.Known{ClientID: f.ClientID})
	showVerdict(f.key, verdict, "It has the right form.")
	f.Secret = secret.Value{}
	if verdict.State == entra.Good || verdict.State == entra.Doubtful {
		f.Secret = secret.New(verdict.Clean)
	}
	f.changed()
}

// kindPart asks for what the kind leaves open; nil if that is nothing.
func (f *valuesForm) kindPart(own bool) fyne.CanvasObject {
	column := parts.Column(12)
	mailbox := parts.NewSlot()
	ask := func() {
		mailbox.Clear()
		if f.Guide != nil && f.Guide.AppOnly() {
			mailbox.Fill(mailboxField("Mailbox to test with", "The test uses this mailbox alone.", f.Mailbox,
				func(text string) { f.Mailbox = text; f.changed() }))
		}
	}
	if own {
		column.Objects = f.abilitiesPart(func() { f.choose(nil); ask(); f.changed() })
	}
	ask()
	if !own && !mailbox.Visible() {
		return nil
	}
	column.Objects = append(column.Objects, mailbox)
	return column
}

// abilitiesPart asks what a vendor without a guide may do.
func (f *valuesForm) abilitiesPart(changed func()) []fyne.CanvasObject {
	all := guides.Abilities()
	if len(f.abilities) != len(all) {
		f.abilities = make([]bool, len(all))
	}
	choices := make([]parts.Choice, len(all))
	for i, a := range all {
		choices[i] = parts.Choice{Title: a.Label}
	}
	by := 0
	if f.byItself {
		by = 1
	}
	return []fyne.CanvasObject{
		parts.NewCheckList("What the vendor may do", choices, f.abilities,
			func(i int, on bool) { f.abilities[i] = on; changed() }),
		parts.NewRadioList("Who signs in?",
			[]parts.Choice{{Title: "Each person signs in"}, {Title: "The software works by itself"}}, by,
			func(i int) { f.byItself = i == 1; changed() }),
	}
}
