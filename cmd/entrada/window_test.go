package main

import (
	"os"
	"strings"
	"testing"
)

// TestTheRecordAgreesWithTheProgram: FyneApp.toml is what packagers read.
func TestTheRecordAgreesWithTheProgram(t *testing.T) {
	data, err := os.ReadFile("../../FyneApp.toml")
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range []string{`ID = "` + appID + `"`, `Name = "Entrada"`} {
		if !strings.Contains(string(data), line) {
			t.Errorf("FyneApp.toml does not say %s", line)
		}
	}
}
