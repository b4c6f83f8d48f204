package signin

import (
	"testing"

	"entrada/internal/fault"
)

func TestOnlyWebAddressesAreOpened(t *testing.T) {
	t.Setenv("PATH", "/nowhere") // should one slip through, no program is found
	for _, link := range []string{
		"", "-version", "file:///etc/passwd", "javascript:alert(1)", "ms-settings:", "data:text/html,x", "https:",
		"https://", "https:login.example", "http://login.example/", "ftp://login.example/",
		"https://user@login.example/",
		"https://login.example/a b", "https://login.example/\r\nx", "//login.example/", `C:\Windows\System32\calc.exe`,
		"http://localhost.evil.example/",
	} {
		wantKind(t, SystemBrowser(t.Context(), link), fault.Misuse)
	}
}
