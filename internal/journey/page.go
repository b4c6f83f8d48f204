package journey

import (
	"slices"

	"entrada/internal/guides"
)

// PageID names a page of the wizard. Portal pages have the ID of their step.
type PageID string

// The pages that every vendor has.
const (
	PageVendor       PageID = "vendor"
	PageOrganisation PageID = "organisation"
	PageNeeds        PageID = "needs"
	PagePaste        PageID = "paste"
	PageTest         PageID = "test"
	PageSave         PageID = "save"
	PageExport       PageID = "export"
	PageHandOver     PageID = "hand-over"
	PageNextSteps    PageID = "next-steps"
)

// Group is a heading in the rail.
type Group string

// The groups, in order.
const (
	Prepare  Group = "Prepare"
	InEntra  Group = "In Microsoft Entra"
	Prove    Group = "Prove it works"
	HandOver Group = "Hand over"
)

// Status says how far a page has come.
type Status string

// The states of a page in the rail.
const (
	ToDo           Status = "to-do"
	Current        Status = "current"
	Done           Status = "done"
	NeedsAttention Status = "needs-attention" // was done, and is not any more
)

// Page is one page of the wizard.
type Page struct {
	ID    PageID
	Group Group
	Rail  string       // its short name
	Title string       // its heading, and what the window is called
	Step  *guides.Step // what to do in the portal; nil on other pages
}

// Pages lists the pages for the vendor and the answers so far, in order.
// Before a vendor is chosen, the portal steps are not known.
func (j *Journey) Pages() []Page {
	pages := []Page{
		{ID: PageVendor, Group: Prepare, Rail: "Vendor", Title: "Which vendor asked you?"},
		{ID: PageOrganisation, Group: Prepare, Rail: "Your organisation", Title: "Which organisation is it for?"},
		{ID: PageNeeds, Group: Prepare, Rail: "What you need", Title: "What you need"},
	}
	if j.answers.Route == DoForMe {
		pages = append(
			pages, Page{ID: PageDoIt, Group: InEntra, Rail: "Register the app", Title: "Let Entrada register the app"})
	} else {
		if j.guide != nil {
			steps := j.guide.PortalSteps(j.Choices())
			for i := range steps {
				pages = append(
					pages, Page{ID: PageID(steps[i].ID), Group: InEntra, Rail: steps[i].Rail, Title: steps[i].Title,
						Step: &steps[i]})
			}
		}
		pages = append(pages, Page{ID: PagePaste, Group: InEntra, Rail: "Paste the values", Title: "Paste the values"})
	}
	vendor := "your vendor"
	if j.guide != nil {
		vendor = j.guide.Vendor
	}
	test := "Sign in and test"
	if j.guide != nil && j.guide.AppOnly() {
		test = "Test the connection" // nobody signs in
	}
	pages = append(pages,
		Page{ID: PageTest, Group: Prove, Rail: test, Title: test},
		Page{ID: PageSave, Group: HandOver, Rail: "Save", Title: "Save the connection"},
		Page{ID: PageExport, Group: HandOver, Rail: "Export", Title: "Export for " + vendor})
	if j.Sends() {
		pages = append(pages, Page{ID: PageHandOver, Group: HandOver, Rail: "Send it", Title: "Send it to " + vendor})
	}
	return append(pages, Page{ID: PageNextSteps, Group: HandOver, Rail: "What comes next", Title: "What comes next"})
}

// Page returns the current page.
func (j *Journey) Page() Page {
	pages := j.Pages()
	return pages[j.position(pages)]
}

func (j *Journey) position(pages []Page) int {
	for i, p := range pages {
		if p.ID == j.page {
			return i
		}
	}
	return 0
}

// Status says how far a page has come.
func (j *Journey) Status(id PageID) Status {
	switch {
	case id == j.page:
		return Current
	case id == PageHandOver && !j.HandedOver():
		return ToDo // it may be left, and is not done by that
	case j.done[id] && (j.Missing(id) != nil || slices.Contains(j.answers.Attention, id)):
		return NeedsAttention
	case j.done[id]:
		return Done
	default:
		return ToDo
	}
}

// CanGoTo reports whether a page may be opened from the rail: any page up to
// the first one that is not done.
func (j *Journey) CanGoTo(id PageID) bool {
	for _, p := range j.Pages() {
		if p.ID == id {
			return true
		}
		if !j.done[p.ID] {
			return false
		}
	}
	return false
}

// GoTo opens a page and remembers where we are. It does nothing for a page that
// cannot be opened yet.
func (j *Journey) GoTo(id PageID) error {
	if !j.CanGoTo(id) {
		return nil
	}
	j.page = id
	return j.Save()
}

// Next leaves the current page when nothing is missing on it. The error is of
// kind InvalidInput if something is; of a file kind if the place could not be
// remembered, in which case the journey has moved on all the same.
func (j *Journey) Next() error {
	pages := j.Pages()
	i := j.position(pages)
	if err := j.Missing(pages[i].ID); err != nil {
		return err
	}
	j.done[pages[i].ID] = true
	j.heeded(pages[i].ID)
	pages = j.Pages()
	if i+1 < len(pages) {
		j.page = pages[i+1].ID
	}
	return j.Save()
}

// Back returns to the page before; nothing is lost. It reports false on the
// first page.
func (j *Journey) Back() (bool, error) {
	pages := j.Pages()
	i := j.position(pages)
	if i == 0 {
		return false, nil
	}
	j.page = pages[i-1].ID
	return true, j.Save()
}
