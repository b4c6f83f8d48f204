package terminal

import (
	"context"
	"os"

	"entrada/internal/console"
	"entrada/internal/fault"
	"entrada/internal/secret"
)

// noFD stands for an option that names no open file.
const noFD = -1

// passphraseFrom is secretFrom for --passphrase-fd.
func (p *program) passphraseFrom(ctx context.Context, fd int) (secret.Value, error) {
	return p.secretFrom(ctx, fd, "--passphrase-fd", "passphrase")
}

// secretFrom reads the first line of an open file descriptor, which flag has
// named; 0 is the standard input.
func (p *program) secretFrom(ctx context.Context, fd int, flag, what string) (secret.Value, error) {
	source := p.in
	if fd != 0 {
		f := os.NewFile(uintptr(fd), what)
		if fd < 0 || f == nil {
			return secret.Value{}, usage("%s needs the number of an open file.", flag)
		}
		defer func() { _ = f.Close() }()
		source = console.NewInput(f)
	}
	text, err := source.Line(ctx)
	switch {
	case fault.Is(err, fault.Cancelled):
		return secret.Value{}, err
	case err != nil || text == "":
		return secret.Value{}, usage("No %s came from file descriptor %d.", what, fd)
	}
	return secret.New(text), nil
}
