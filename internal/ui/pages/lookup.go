package pages

import (
	"fyne.io/fyne/v2"

	"entrada/internal/explain"
	"entrada/internal/ui/parts"
)

// showLookUp explains whatever error text is pasted.
func showLookUp(w *nav) {
	w.enter()
	w.journey = nil
	object, field := lookUp(w, explain.Context{Cloud: w.app.Cloud})
	w.show(parts.Page{
		Title: "Look up an error",
		Lead:  "Paste any message from Microsoft or from your vendor. It stays on this computer.",
		Body:  []fyne.CanvasObject{object}, First: field.Entry(), Wide: true, Back: w.ShowHome, Cancel: w.ShowHome,
	})
}

// lookUp is the field and what stands below it. about is what is known around
// the error.
func lookUp(w *nav, about explain.Context) (fyne.CanvasObject, *parts.Field) {
	answer := parts.NewSlot()
	field := parts.NewField(parts.FieldOptions{
		Label: "The message", Rows: 6, Paste: true,
		Hint: "Any part of it will do: a code such as AADSTS7000215, a whole page, or an address.",
		Changed: func(text string) {
			found := explain.Text(text, about)
			if len(found) == 0 {
				answer.Clear()
				return
			}
			column := parts.Column(16)
			for i, e := range found[:min(3, len(found))] {
				if i == 1 {
					column.Objects = append(column.Objects, parts.Caption(explain.Also))
				}
				column.Objects = append(column.Objects, parts.NewFaultBox(w.view(e, nil)))
			}
			answer.Fill(column)
		},
	})
	return parts.Column(20, field, answer), field
}
