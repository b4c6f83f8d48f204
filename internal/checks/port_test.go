package checks

import (
	"net"
	"testing"

	"entrada/internal/fault"
)

func TestAPortThatAnswersAndOneThatDoesNot(t *testing.T) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	port := l.Addr().(*net.TCPAddr).Port
	if err := PortOpen(t.Context(), "127.0.0.1", port); err != nil {
		t.Error(err)
	}
	if err := l.Close(); err != nil {
		t.Fatal(err)
	}
	if err := PortOpen(t.Context(), "127.0.0.1", port); !fault.Is(err, fault.Offline) {
		t.Errorf("a closed port: %v", err)
	}
}
