package explain

import "testing"

func TestSmoke(t *testing.T) {
	for _, s := range []string{"AADSTS7000215: Invalid client secret provided.", "aadsts00016", "Need admin approval", "7OOO215"} {
		for _, e := range Text(s, Context{}) {
			t.Log("\n" + e.Report())
		}
	}
}
