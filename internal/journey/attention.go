package journey

import (
	"slices"

	"entrada/internal/checks"
	"entrada/internal/entra"
	"entrada/internal/explain"
	"entrada/internal/guides"
)

// MarkCause marks the page on which what failed can be mended, if it was done, and
// returns it; ok is false if no page is to blame. The mark goes when the page is
// done again, or a test passes.
func (j *Journey) MarkCause(v checks.Verdict) (page Page, ok bool) {
	var id PageID
	switch {
	case v.First != nil && entra.TraitsOf(v.First.Err).RedirectMissing:
		id = PageID(guides.StepRedirect)
	case v.Culprit == explain.Consent:
		id = PageID(guides.StepConsent)
	case v.Culprit == explain.Secret:
		id = PagePaste
	}
	for _, p := range j.Pages() {
		if p.ID != id || !j.done[id] {
			continue
		}
		if !slices.Contains(j.answers.Attention, id) {
			j.answers.Attention = append(j.answers.Attention, id)
		}
		return p, true
	}
	return Page{}, false
}

// heeded takes the mark from a page.
func (j *Journey) heeded(id PageID) {
	j.answers.Attention = slices.DeleteFunc(j.answers.Attention, func(a PageID) bool { return a == id })
}
