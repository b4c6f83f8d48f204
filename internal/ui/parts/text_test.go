package parts

import (
	"strings"
	"testing"

	"fyne.io/fyne/v2"
	"fyne.io/fyne/v2/canvas"
	"fyne.io/fyne/v2/test"

	"entrada/internal/ui/theme"
)

const address = "https://login.microsoftonline.com/9a2d7e44-0c1b-4f55-8e63-1b7c5d9f2a30/adminconsent"

func TestTextNeverLeavesItsWidth(t *testing.T) {
	newDesk(t, fyne.NewSize(1080, 720))
	long := "Go to **Certificates & secrets**, copy the **Value**, then open " + address + " and wait… 日本語"
	for _, w := range []float32{30, 60, 100, 205, 340, 640} {
		x := Body(long)
		h := x.HeightFor(w)
		x.Resize(fyne.NewSize(w, h))
		for _, o := range test.WidgetRenderer(x).Objects() {
			if right := o.Position().X + o.Size().Width; right > w+1 {
				t.Errorf("%v wide: %q ends at %v", w, o.(*canvas.Text).Text, right)
			}
			if bottom := o.Position().Y + o.Size().Height; bottom > h+4 {
				t.Errorf("%v wide: a line ends at %v of %v", w, bottom, h)
			}
		}
	}
}

func TestTextKeepsEveryWord(t *testing.T) {
	newDesk(t, fyne.NewSize(1080, 720))
	x := Body("Click **Add a permission** → **Microsoft Graph**.\nThen wait.")
	x.Resize(fyne.NewSize(120, x.HeightFor(120)))
	var words []string
	for _, o := range test.WidgetRenderer(x).Objects() {
		words = append(words, o.(*canvas.Text).Text)
	}
	if got := strings.Join(words, " "); got != "Click Add a permission → Microsoft Graph . Then wait." {
		t.Errorf("drawn: %q", got)
	}
	if got := x.AccessibilityLabel(); got != "Click Add a permission → Microsoft Graph.\nThen wait." {
		t.Errorf("said: %q", got)
	}
}

// A full stop behind a bold word must not begin a line.
func TestPunctuationStaysWithItsWord(t *testing.T) {
	newDesk(t, fyne.NewSize(1080, 720))
	for w := float32(100); w < 300; w += 3 {
		b := newBreaker(Style{Size: 14}, Words("Open the app's page **API permissions**. And go on **there**, please."))
		for _, l := range b.lines(w) {
			if first := l.runs[0].piece.Text; strings.HasPrefix(first, ".") || strings.HasPrefix(first, ",") {
				t.Fatalf("%v wide, a line begins with %q", w, first)
			}
		}
	}
}

func TestEllipsis(t *testing.T) {
	newDesk(t, fyne.NewSize(1080, 720))
	x := NewText(Style{Size: 14, Color: theme.ColorNameText, MaxLines: 1},
		Piece{Text: "Certificates and secrets of the app"})
	x.Resize(fyne.NewSize(120, x.HeightFor(120)))
	objects := test.WidgetRenderer(x).Objects()
	if len(objects) != 1 {
		t.Fatalf("%d lines", len(objects))
	}
	if got := objects[0].(*canvas.Text).Text; !strings.HasSuffix(got, "…") || !strings.HasPrefix(got, "Certificates") {
		t.Errorf("cut to %q", got)
	}
}

func TestALinkInATextCanBePressed(t *testing.T) {
	n := 0
	link := NewLink("Open it for me", func() { n++ }).External()
	x := NewText(Style{Size: 14, Color: theme.ColorNameText}, Piece{Text: "Open the page. "}, Piece{Link: link},
		Piece{Text: "."})
	d := show(t, x)
	if d.label() != "Open it for me" {
		t.Fatalf("the focus is on %q", d.label())
	}
	d.key(fyne.KeyReturn)
	if n != 1 {
		t.Error("the link was not pressed")
	}
	if link.Size().Height > x.Size().Height {
		t.Error("the link is higher than its text")
	}
	if link.AccessibilityRole() != fyne.AccessibleRoleLink {
		t.Error("a link says that it is something else")
	}
}

func TestHeightsAreHonest(t *testing.T) {
	newDesk(t, fyne.NewSize(1080, 720))
	words := strings.Repeat("Some **words** to wrap. ", 12)
	honest(t, "text", Body(words))
	honest(t, "step",
		NewNumberedStep(3, Body(words), NewCopyRow("Mail.Send", "send mail as the person"), Caption(words)))
	honest(t, "callout", NewCallout(ToneWarning, "Title.", words, NewLink("more", nil)))
	honest(t, "copy row", NewCopyRow(address, "the page on which an administrator says yes"))
	honest(t, "short copy row", NewCopyRow("openid", ""))
	f := NewField(FieldOptions{Label: "Secret", Secret: true})
	f.SetStatus(StatusBad, words)
	honest(t, "field", f)
	honest(t, "area", NewField(FieldOptions{Label: "Message", Rows: 5}))
	honest(t, "checklist",
		NewResultList(Check{CheckDone, "One", words, "0.1 s"}, Check{CheckFailed, words, "", "4.1 s"}))
	honest(t, "card", NewCard("Set up", words, false, nil))
	honest(t, "row",
		NewListRow(ListItem{Title: "OxfordIQ", Caption: words,
			Actions: []fyne.CanvasObject{Small("Test", nil), Small("Export", nil)}}))
	honest(t, "choices", NewChoiceCards("Way", []Choice{{Title: "Show me how", Text: words}, {Title: words}}, 0, nil))
	honest(t, "fault",
		NewFaultBox(FaultView{What: words, Why: words, Who: "you", Next: []Action{{Label: "Try again"}}, Details: "x"}))
	honest(t, "busy", NewBusy(words, func() {}))
	honest(t, "buttons", Wrap(8, Plain("One of them", nil), Plain("And another one", nil), Plain("Third", nil)))
	honest(t, "selectable", Selectable(words))
	honest(t, "equal", Equal(8, 200, NewCard("A", words, true, nil), NewCard("B", "b", false, nil)))
}
