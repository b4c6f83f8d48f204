package main

import (
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"entrada-cli": main}) }

// TestProgram runs the program itself, as a shell would. What the commands do
// in detail is tested in package terminal.
func TestProgram(t *testing.T) {
	testscript.Run(t, testscript.Params{Dir: "testdata", Setup: func(e *testscript.Env) error {
		e.Setenv("ENTRADA_HOME", e.WorkDir+"/home")
		return nil
	}})
}
