package console

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"strings"
	"time"

	"entrada/internal/fault"
	"entrada/internal/secret"
)

// Input reads lines, from a terminal or from whatever the program was given. A
// read can be given up: what is typed later belongs to nobody.
type Input struct {
	Terminal bool // somebody types

	file    *os.File // nil if it is none
	reader  *bufio.Reader
	lines   chan typed
	reading bool
	ahead   []string // was read too early
}

type typed struct {
	text string
	err  error
}

// maxLine is more than any value has, and less than would hurt.
const maxLine = 64 << 10

// What reading a line ends with, apart from a line: nothing is left, or the line had
// more than 64 KiB, all of which was skipped.
var (
	ErrEnded   = errors.New("the input has ended")
	ErrTooLong = errors.New("the line is too long")
)

// NewInput reads from r. It asks r whether it is a terminal.
func NewInput(r io.Reader) *Input {
	in := &Input{reader: bufio.NewReaderSize(r, maxLine), lines: make(chan typed, 1)}
	if f, ok := r.(*os.File); ok {
		in.file, in.Terminal = f, isTerminal(f)
	}
	return in
}

// Line returns the next line without its end.
func (in *Input) Line(ctx context.Context) (string, error) {
	if ctx.Err() != nil {
		return "", fault.New(fault.Cancelled, "read a line", ctx.Err())
	}
	if len(in.ahead) > 0 {
		text := in.ahead[0]
		in.ahead = in.ahead[1:]
		return text, nil
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

// moment is how long a look for a typed line takes.
const moment = 50 * time.Millisecond

// Beside is Line beside other work: it begins to read only once a line was typed, where
// the system can tell, so that nothing is taken from whoever reads next.
func (in *Input) Beside(ctx context.Context) (string, error) {
	for in.file != nil && !in.reading && len(in.ahead) == 0 && in.reader.Buffered() == 0 && ctx.Err() == nil {
		if lineThere(in.file) {
			break
		}
	}
	return in.Line(ctx)
}

// Unread gives back lines that were meant for a later question.
func (in *Input) Unread(lines ...string) { in.ahead = append(lines, in.ahead...) }

func (in *Input) read() typed {
	text, err := in.reader.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) {
		for errors.Is(err, bufio.ErrBufferFull) {
			_, err = in.reader.ReadSlice('\n')
		}
		return typed{err: ErrTooLong}
	}
	if err != nil && len(text) == 0 {
		return typed{err: ErrEnded}
	}
	return typed{text: strings.TrimRight(string(text), "\r\n")}
}

// Hidden asks for a line that the terminal does not show: not from the moment
// on at which the question can be read.
func (in *Input) Hidden(ctx context.Context, ask func()) (secret.Value, error) {
	if in.Terminal {
		restore, err := withoutEcho(in.file)
		if err != nil {
			// Rather not at all than readable for whoever looks on.
			return secret.Value{}, fault.New(fault.Unknown, "turn off what the terminal shows", err)
		}
		defer restore()
	}
	ask()
	text, err := in.Line(ctx)
	if err != nil || text == "" {
		return secret.Value{}, err
	}
	return secret.New(text), nil
}

// All reads to the end, but no more than limit bytes.
func (in *Input) All(ctx context.Context, limit int64) (string, error) {
	const op = "read the standard input"
	type all struct {
		text []byte
		err  error
	}
	done := make(chan all, 1)
	go func() {
		text, err := io.ReadAll(io.LimitReader(in.reader, limit))
		done <- all{text, err}
	}()
	select {
	case a := <-done:
		if a.err != nil {
			return "", fault.New(fault.Unknown, op, a.err)
		}
		return string(a.text), nil
	case <-ctx.Done():
		return "", fault.New(fault.Cancelled, op, ctx.Err())
	}
}
