package app

// harden has nothing to do: Go's runtime has told Windows Error Reporting to
// keep out of its programs.
func harden() {}
