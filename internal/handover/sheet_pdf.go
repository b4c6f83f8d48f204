package handover

import (
	"bytes"
	"strings"
	"sync"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"

	"entrada/internal/fault"
)

// Millimetres of an A4 page.
const (
	pageWidth, pageHeight = 210.0, 297.0
	pageMargin            = 18.0
	labelWidth            = 46.0
	columnGap             = 4.0
	lineHeight            = 5.0
	noteHeight            = 4.2
)

// unprintable stands for a character that the font in the PDF does not have.
const unprintable = '?'

// SheetPDF is the hand-over sheet for printing and mail. The font is in the
// file; it has the Latin, Greek and Cyrillic scripts. For names in others, the
// sheet says that the web page shows them.
func SheetPDF(p Package) ([]byte, error) {
	s, err := NewSheet(p)
	if err != nil {
		return nil, err
	}
	w := newPDFWriter(s)
	w.sheet(s)
	var out bytes.Buffer
	if err := w.pdf.Output(&out); err != nil {
		return nil, fault.New(fault.Misuse, "write the sheet", err)
	}
	return out.Bytes(), nil
}

type pdfWriter struct {
	pdf   *fpdf.Fpdf
	y     float64
	asked bool // a character could not be printed
}

func newPDFWriter(s Sheet) *pdfWriter {
	pdf := fpdf.New("P", "mm", "A4", "")
	pdf.AddUTF8FontFromBytes("go", "", goregular.TTF)
	pdf.AddUTF8FontFromBytes("go", "B", gobold.TTF)
	// The same package makes the same file.
	pdf.SetCreationDate(s.Made)
	pdf.SetModificationDate(s.Made)
	pdf.SetCatalogSort(true)
	pdf.SetProducer("Entrada", true)
	pdf.SetTitle(s.Title, true)
	pdf.SetLang("en")
	pdf.SetAutoPageBreak(false, 0)
	pdf.SetCellMargin(0)
	w := &pdfWriter{pdf: pdf}
	w.newPage()
	return w
}

func (w *pdfWriter) newPage() {
	w.pdf.AddPage()
	w.y = pageMargin
}

// need begins another page where there is no room for so much.
func (w *pdfWriter) need(height float64) {
	if w.y+height > pageHeight-pageMargin {
		w.newPage()
	}
}

func (w *pdfWriter) sheet(s Sheet) {
	full := pageWidth - 2*pageMargin
	if s.Practice != "" {
		w.text(amber, "B", 26, 11, pageMargin, full, s.Practice)
		w.y += 5
	}
	w.text(ink, "B", 18, 8, pageMargin, full, s.Title)
	w.y += 1
	w.text(ink, "", 10.5, lineHeight, pageMargin, full, s.Lead)
	for _, part := range s.Parts {
		w.y += 5
		if h := w.heightOf(part); h <= pageHeight-2*pageMargin {
			w.need(h) // whoever reads a part sees all of it
		}
		w.need(25) // a heading does not stand alone at the foot of a page
		w.text(blue, "B", 12.5, 6, pageMargin, full, part.Title)
		if part.Text != "" {
			w.text(ink, "", 10.5, lineHeight, pageMargin, full, part.Text)
		}
		w.y += 1
		for _, r := range part.Rows {
			w.row(r)
		}
		w.line()
	}
	w.y += 6
	if w.asked {
		w.text(grey, "", 8.5, noteHeight, pageMargin, full,
			"A question mark in a name may stand for a character that cannot be printed here. The sheet for the "+
				"browser shows it.")
	}
	w.text(grey, "", 8.5, noteHeight, pageMargin, full, s.Foot)
}

// heightOf is how much room a part takes, with its heading.
func (w *pdfWriter) heightOf(part SheetPart) float64 {
	full := pageWidth - 2*pageMargin
	h := float64(6 + 1)
	if part.Text != "" {
		h += lineHeight * float64(len(w.lines("", 10.5, full, part.Text)))
	}
	for _, r := range part.Rows {
		h += w.rowHeight(r)
	}
	return h
}

func (w *pdfWriter) rowHeight(r SheetRow) float64 {
	width := pageWidth - 2*pageMargin - labelWidth - columnGap
	value := lineHeight * float64(len(w.lines("", 10, width, r.Value)))
	if r.Note != "" {
		value += noteHeight * float64(len(w.lines("", 8.5, width, r.Note)))
	}
	return 3 + max(value, lineHeight*float64(len(w.lines("B", 10, labelWidth, r.Label))))
}

// row puts a label at the left and its value, with the note below, at the right.
func (w *pdfWriter) row(r SheetRow) {
	x := pageMargin + labelWidth + columnGap
	width := pageWidth - pageMargin - x
	w.line()
	w.y += 1.5
	w.need(min(3*lineHeight, w.rowHeight(r)-1.5))
	top, page := w.y, w.pdf.PageNo()
	w.text(ink, "B", 10, lineHeight, pageMargin, labelWidth, r.Label)
	bottom := w.y
	if w.pdf.PageNo() == page {
		w.y = top
	}
	w.text(ink, "", 10, lineHeight, x, width, r.Value)
	if r.Note != "" {
		w.text(grey, "", 8.5, noteHeight, x, width, r.Note)
	}
	if w.pdf.PageNo() == page {
		w.y = max(w.y, bottom)
	}
	w.y += 1.5
}

type rgb struct{ r, g, b int }

var (
	ink   = rgb{27, 36, 48}
	grey  = rgb{90, 102, 117}
	blue  = rgb{11, 92, 173}
	amber = rgb{138, 75, 0}
)

// text writes a paragraph line by line, over as many pages as it takes.
func (w *pdfWriter) text(color rgb, style string, size, height, x, width float64, text string) {
	for _, line := range w.lines(style, size, width, text) {
		w.need(height)
		w.pdf.SetFont("go", style, size)
		w.pdf.SetTextColor(color.r, color.g, color.b)
		w.pdf.SetXY(x, w.y)
		w.pdf.CellFormat(width, height, line, "", 0, "L", false, 0, "")
		w.y += height
	}
}

func (w *pdfWriter) lines(style string, size, width float64, text string) []string {
	w.pdf.SetFont("go", style, size)
	return w.pdf.SplitText(w.printable(text), width)
}

func (w *pdfWriter) line() {
	w.pdf.SetDrawColor(217, 223, 231)
	w.pdf.SetLineWidth(0.2)
	w.pdf.Line(pageMargin, w.y, pageWidth-pageMargin, w.y)
}

// printable replaces what the font does not have: the library would leave a
// gap, and nobody would know that something is missing.
func (w *pdfWriter) printable(text string) string {
	var b sfnt.Buffer
	font := sheetFont()
	return strings.Map(func(r rune) rune {
		if i, err := font.GlyphIndex(&b, r); err == nil && i != 0 && r <= 0xFFFF {
			return r
		}
		w.asked = true
		return unprintable
	}, text)
}

var sheetFont = sync.OnceValue(func() *sfnt.Font {
	f, err := sfnt.Parse(goregular.TTF)
	if err != nil {
		panic(err) // it is part of the program
	}
	return f
})
