package terminal

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"strings"

	"entrada/internal/fault"
	"entrada/internal/secret"
)

// input reads lines, from a terminal or from whatever the program was given. A
// read can be given up: what is typed later belongs to nobody.
type input struct {
	file     *os.File // nil if it is none
	terminal bool
	reader   *bufio.Reader
	lines    chan typed
	reading  bool
}

type typed struct {
	text string
	err  error
}

// maxLine is more than any value has, and less than would hurt.
const maxLine = 64 << 10

var (
	errEnded   = errors.New("the input has ended")
	errTooLong = errors.New("the line is too long")
)

func newInput(r io.Reader) *input {
	in := &input{reader: bufio.NewReaderSize(r, maxLine), lines: make(chan typed, 1)}
	if f, ok := r.(*os.File); ok {
		in.file, in.terminal = f, isTerminal(f)
	}
	return in
}

// line returns the next line without its end.
func (in *input) line(ctx context.Context) (string, error) {
	if ctx.Err() != nil {
		return "", fault.New(fault.Cancelled, "read a line", ctx.Err())
	}
	if !in.reading {
		in.reading = true
		go func() { in.lines <- in.read() }()
	}
	select {
	case t := <-in.lines:
		in.reading = false
		return t.text, t.err
	case <-ctx.Done():
		return "", fault.New(fault.Cancelled, "read a line", ctx.Err())
	}
}

func (in *input) read() typed {
	text, err := in.reader.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = in.reader.ReadSlice('\n')
		}
		return typed{err: errTooLong}
	}
	if err != nil && len(text) == 0 {
		return typed{err: errEnded}
	}
	return typed{text: strings.TrimRight(string(text), "\r\n")}
}

// hidden asks for a line that the terminal does not show: not from the moment
// on at which the question can be read.
func (in *input) hidden(ctx context.Context, ask func()) (secret.Value, error) {
	if in.terminal {
		restore, err := withoutEcho(in.file)
		if err != nil {
			// Rather not at all than readable for whoever looks on.
			return secret.Value{}, fault.New(fault.Unknown, "turn off what the terminal shows", err)
		}
		defer restore()
	}
	ask()
	text, err := in.line(ctx)
	if err != nil || text == "" {
		return secret.Value{}, err
	}
	return secret.New(text), nil
}

// passphraseFrom is secretFrom for --passphrase-fd.
func (in *input) passphraseFrom(ctx context.Context, fd int) (secret.Value, error) {
	return in.secretFrom(ctx, fd, "--passphrase-fd", "passphrase")
}

// secretFrom reads the first line of an open file descriptor, which flag has
// named; 0 is the standard input.
func (in *input) secretFrom(ctx context.Context, fd int, flag, what string) (secret.Value, error) {
	source := in
	if fd != 0 {
		f := os.NewFile(uintptr(fd), what)
		if fd < 0 || f == nil {
			return secret.Value{}, usage("%s needs the number of an open file.", flag)
		}
		defer func() { _ = f.Close() }()
		source = newInput(f)
	}
	text, err := source.line(ctx)
	switch {
	case fault.Is(err, fault.Cancelled):
		return secret.Value{}, err
	case err != nil || text == "":
		return secret.Value{}, usage("No %s came from file descriptor %d.", what, fd)
	}
	return secret.New(text), nil
}
