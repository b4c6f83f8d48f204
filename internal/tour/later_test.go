//go:build tour

package tour

import "strings"

// testLater is the helpdesk on another day: from the first page to a report in
// the clipboard.
func (r *tour) testLater() {
	w := r.window
	w.keys("Tab", "Return") // the card beside the first
	w.on("Test a connection")
	w.keys("ctrl+Return")
	good := "All is well so far" // nobody has signed in
	if r.guide.AppOnly() {
		good = "Everything works"
	}
	w.on(good)
	w.keys("shift+Tab", "shift+Tab", "shift+Tab") // from the list backwards: past the bar of the practice
	w.keys("shift+Tab", "shift+Tab", "Return")    // to the button before the primary one
	r.Wait("the report in the clipboard",
		func() bool { return strings.HasPrefix(w.clipboard(), "Entrada connection test") })
	if report := w.clipboard(); !strings.Contains(report, r.clientID) || strings.Contains(report, r.secret) ||
		strings.Contains(report, "@") {
		r.t.Errorf("the report is:\n%s", report)
	}
	w.shot("report-copied")
	w.keys("alt+Left")
	w.waitTitle("Connect an app to Outlook")
}

// openAsVendor opens what was exported, as the vendor does, after a slip.
func (r *tour) openAsVendor() {
	w := r.window
	w.keys("Tab", "Tab", "Tab", "Return") // past the three cards
	w.on("Open a hand-over")
	w.text(r.files("*.settings.age")[0])
	w.keys("Return")
	w.on("This file opens with a passphrase")
	w.text("not-the-one-they-told")
	w.keys("Return")
	w.on("The file did not open")
	w.text(r.passphrase)
	w.keys("Return")
	w.on("A hand-over for " + r.guide.Vendor)
	w.keys("alt+Left")
	w.waitTitle("Open a hand-over")
	w.keys("alt+Left")
	w.waitTitle("Connect an app to Outlook")
}
