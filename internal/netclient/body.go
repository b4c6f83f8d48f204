package netclient

import (
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"time"

	"entrada/internal/fault"
)

// body is an answer's body with an end: it fails once too much has been read
// or too long nothing came. It counts what the caller sees, that is after
// decompression, so a small archive of zeros is no way around the limit.
type body struct {
	from    io.ReadCloser
	address string
	left    int64
	failed  error // once it fails, it stays failed
	idle    time.Duration
	timer   *time.Timer
	ctx     context.Context
	cancel  context.CancelCauseFunc
}

func newBody(resp *http.Response, o Options, ctx context.Context, cancel context.CancelCauseFunc) *body {
	timer := time.AfterFunc(o.Idle, func() { cancel(errIdle) })
	timer.Stop() // runs during Read only: a caller may take its time between two
	return &body{
		from: resp.Body, address: "//" + hostOf(resp), left: o.MaxBody,
		idle: o.Idle, timer: timer, ctx: ctx, cancel: cancel,
	}
}

// Read implements [io.Reader].
func (b *body) Read(p []byte) (int, error) {
	if b.failed != nil {
		return 0, b.failed
	}
	// One byte more than is left tells an answer of just the limit from a
	// larger one.
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	b.timer.Reset(b.idle)
	n, err := b.from.Read(p)
	b.timer.Stop()
	if int64(n) > b.left {
		n = int(b.left)
		err = &fault.Error{Kind: fault.BadAnswer, Op: "read the answer", Detail: "the answer is too large"}
		b.cancel(nil)
	} else if err != nil && !errors.Is(err, io.EOF) {
		if errors.Is(context.Cause(b.ctx), errIdle) {
			err = &fault.Error{Kind: fault.TimedOut, Op: "read the answer", Detail: "the answer stopped midway"}
		} else {
			// Named here, because a reader on the way may forget what it wraps.
			err = Classify("read the answer", &url.Error{Op: "read", URL: b.address, Err: err})
		}
	}
	b.left -= int64(n)
	b.failed = err
	return n, err
}

// Close implements [io.Closer].
func (b *body) Close() error {
	b.timer.Stop()
	err := b.from.Close()
	b.cancel(nil)
	return err
}
