package guides_test

import (
	"errors"
	"fmt"
	"strings"

	"entrada/internal/fault"
	"entrada/internal/guides"
)

// One guide file gives the steps in the portal, with the values to copy.
func Example() {
	g, err := guides.Load("fabrikam.toml", []byte(guides.Template))
	if err != nil {
		fmt.Println(err)
		return
	}
	steps := g.PortalSteps(guides.Choices{
		Organisation: "Contoso",
		Inputs:       map[string]string{"callback": "https://fabrikam.example/callback"},
		Features:     []string{"contacts"},
	})
	for _, step := range steps {
		fmt.Printf("%s: %d instructions\n", step.Title, len(step.Instructions))
		for _, instruction := range step.Instructions {
			for _, v := range instruction.Values {
				fmt.Println("  copy", v.Text)
			}
		}
	}
	// Output:
	// Register the app: 5 instructions
	//   copy Fabrikam Calendar
	// Add the sign-in address: 3 instructions
	//   copy https://fabrikam.example/callback
	//   copy http://localhost
	// Give the app its permissions: 4 instructions
	//   copy Calendars.ReadWrite
	//   copy offline_access
	//   copy Contacts.Read
	// Grant admin consent: 4 instructions
	// Make a client secret: 4 instructions
	//   copy Fabrikam
}

// A guide is read strictly. The error names the line, for whoever writes the file.
func ExampleLoad() {
	wrong := strings.Replace(guides.Template, "months = 12", "months = 36", 1)
	_, err := guides.Load("fabrikam.toml", []byte(wrong))
	var f *fault.Error
	if errors.As(err, &f) {
		fmt.Println(f.Kind)
		fmt.Println(f.Detail)
	}
	// Output:
	// file-corrupt
	// line 168: secret months must be between 1 and 24: Microsoft allows no longer
}
