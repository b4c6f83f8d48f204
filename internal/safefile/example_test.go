package safefile_test

import (
	"fmt"
	"os"
	"path/filepath"

	"entrada/internal/fault"
	"entrada/internal/safefile"
)

// A file is either the old one or the new one. An existing file is replaced only on
// request, so that a person can be asked.
func ExampleWrite() {
	folder, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(folder) }()
	path := filepath.Join(folder, "contoso.settings.json")

	fmt.Println(safefile.Write(path, []byte("first"), safefile.Options{}))
	err = safefile.Write(path, []byte("second"), safefile.Options{})
	fmt.Println(fault.KindOf(err))
	fmt.Println(safefile.Write(path, []byte("second"), safefile.Options{Overwrite: true}))

	data, err := safefile.Read(path, 1<<10)
	fmt.Printf("%s %v\n", data, err)
	_, err = safefile.Read(path, 3)
	fmt.Println(fault.KindOf(err))
	// Output:
	// <nil>
	// file-exists
	// <nil>
	// second <nil>
	// file-too-large
}

// A document keeps a value across restarts. It reports damage, and the package that owns
// it decides what follows: here a new list begins, and the damaged file stays beside it.
func ExampleDocument() {
	folder, err := os.MkdirTemp("", "example")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer func() { _ = os.RemoveAll(folder) }()
	type errands struct {
		Left []string `json:"left"`
	}
	doc := safefile.Document[errands]{
		Path: filepath.Join(folder, "errands.json"), Format: "example-errands", Version: 1, Max: 64 << 10,
		Op: "read the errands",
	}

	_, err = doc.Load()
	fmt.Println(fault.KindOf(err))
	fmt.Println(doc.Save(errands{Left: []string{"bread", "milk"}}))
	list, err := doc.Load()
	fmt.Println(list.Left, err)

	_ = os.Truncate(doc.Path, 40) // the power failed in another program
	_, err = doc.Load()
	fmt.Println(fault.KindOf(err))
	aside, err := doc.SetAside()
	fmt.Println(filepath.Base(aside), err)
	// Output:
	// file-not-found
	// <nil>
	// [bread milk] <nil>
	// file-corrupt
	// errands.json.damaged <nil>
}

// Any text becomes one file name that every system takes.
func ExampleSafeName() {
	fmt.Println(safefile.SafeName("Müller & Söhne GmbH"))
	fmt.Println(safefile.SafeName("../../etc/passwd"))
	fmt.Println(safefile.SafeName("CON"))
	// Output:
	// Muller-Sohne-GmbH
	// etc-passwd
	// x-CON
}
