package guides

import (
	"bytes"

	"github.com/BurntSushi/toml"

	"entrada/internal/fault"
)

// Encode writes a guide as a guide file that [Load] reads back. If Load would refuse the
// file, Encode returns the same error.
func Encode(g *Guide) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString("# A vendor guide for Entrada.\n\n")
	encoder := toml.NewEncoder(&b)
	encoder.Indent = ""
	if err := encoder.Encode(g); err != nil {
		return nil, fault.New(fault.Misuse, "write the guide", err)
	}
	if _, err := Load("guide", b.Bytes()); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}
