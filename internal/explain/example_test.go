package explain_test

import (
	"fmt"

	"entrada/internal/explain"
	"entrada/internal/fault"
)

// An error of the program becomes four parts: what, why, who, and the next click.
func ExampleError() {
	err := &fault.Error{Kind: fault.FileTooLarge, Op: "open the hand-over", Subject: "holiday.mp4"}
	fmt.Print(explain.Error(err, explain.Context{}).Report())
	// Output:
	// What happened: holiday.mp4 is far larger than such a file ever is.
	// Why: It is probably another kind of file. Entrada has not read it.
	// Who can fix it: You can do this yourself.
	// Next: Choose another file
	// Where: This computer
	// Details: file-too-large
}

// Anything that somebody pastes becomes ranked causes. What they paste is never
// repeated: it may hold a secret.
func ExampleText() {
	pasted := `2026-11-20 09:12:07 ERROR login failed for alex, client_secret=8xK8Q~do-not-repeat-this-value-anywhere-01
		AADSTS50011: The redirect URI 'https://vendor.example/cb' specified in the request does not match.`
	for _, e := range explain.Text(pasted, explain.Context{}) {
		fmt.Println(e.Code)
		fmt.Println(e.What)
		fmt.Println(e.Next.Label)
	}
	fmt.Println(explain.Redact(pasted[:90]))
	// Output:
	// AADSTS50011
	// The sign-in wanted to return to https://vendor.example/cb that is not on the app's list.
	// Open App registrations, choose the app, then Authentication
	// 2026-11-20 09:12:07 ERROR login failed for alex, client_secret=[redacted]
}
