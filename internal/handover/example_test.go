package handover_test

import (
	"fmt"
	"strings"
	"time"

	"filippo.io/age"

	"entrada/internal/handover"
	"entrada/internal/secret"
)

// The vendor gets its fields under its own labels. The readable file has no secret; the
// encrypted one opens with the vendor's key.
func Example() {
	value := secret.New("8xK8Q~an-example-of-a-client-secret-value")
	p := handover.Package{
		VendorID: "oxfordiq", VendorName: "OxfordIQ", App: "Entrada 1.0.0",
		Created: time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC),
		Fields: []handover.Field{
			handover.Plain("Client ID", "3f6b1c9e-52a7-4c1d-9b0e-7d2f4a8c6e10"),
			handover.Hidden("Client Secret", value),
		},
		ClientID: "3f6b1c9e-52a7-4c1d-9b0e-7d2f4a8c6e10", ClientSecret: value,
	}

	readable, err := handover.JSON(p)
	fmt.Println("the secret is in the readable file:", strings.Contains(string(readable), value.Reveal()), err)

	key, err := age.GenerateX25519Identity() // the vendor makes it, and sends us the public part
	if err != nil {
		fmt.Println(err)
		return
	}
	sealed, err := handover.EncryptedTo(p, key.Recipient().String())
	if err != nil {
		fmt.Println(err)
		return
	}
	asks, err := handover.KeyOf(sealed)
	fmt.Println("the encrypted file asks for:", asks, err)

	file, err := handover.NewKeyFile([]byte(key.String()))
	if err != nil {
		fmt.Println(err)
		return
	}
	opened, err := handover.OpenWithKeyFile(sealed, file)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(opened.Fields[0].Label+":", opened.Fields[0].Value)
	fmt.Println(opened.Fields[1].Label+":", opened.Fields[1].Hidden, opened.Fields[1].Hidden.Equal(value))
	fmt.Println("to compare by phone:", handover.Spell(opened.Fingerprint))
	// Output:
	// the secret is in the readable file: false <nil>
	// the encrypted file asks for: identity <nil>
	// Client ID: 3f6b1c9e-52a7-4c1d-9b0e-7d2f4a8c6e10
	// Client Secret: [redacted] true
	// to compare by phone: E as in Echo, C as in Charlie, five, six; then B as in Bravo, one, nine, three
}

// Each format says who it is for, and what its file is called.
func ExampleFormats() {
	day := time.Date(2026, 11, 20, 9, 30, 0, 0, time.UTC)
	p := handover.Package{VendorName: "OxfordIQ", TenantDomain: "contoso.example", Created: day}
	for _, f := range handover.Formats() {
		fmt.Printf("%s, sealed %v: %s\n", f.ID, f.Sealed, handover.FileName(p, f.Suffix))
	}
	// Output:
	// age, sealed true: OxfordIQ-contoso.example-2026-11-20.settings.age
	// pdf, sealed false: OxfordIQ-contoso.example-2026-11-20.sheet.pdf
	// html, sealed false: OxfordIQ-contoso.example-2026-11-20.sheet.html
	// ics, sealed false: OxfordIQ-contoso.example-2026-11-20.reminder.ics
	// json, sealed false: OxfordIQ-contoso.example-2026-11-20.settings.json
	// env, sealed false: OxfordIQ-contoso.example-2026-11-20.env
	// appsettings, sealed false: OxfordIQ-contoso.example-2026-11-20.appsettings.json
}
