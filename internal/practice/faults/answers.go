package faults

import (
	"bytes"
	"context"
	"net/http"
	"strconv"
	"time"
)

// loginPage is what a hotel's network says instead of the server.
const loginPage = "<!DOCTYPE html><html><head><title>Welcome to the guest network</title></head>" +
	"<body><h1>Please accept the terms of use</h1></body></html>"

// Wrap applies the faults that concern whole answers. Service is "token",
// "graph" or anything else for pages, which are only ever late.
func (b *Board) Wrap(service string, base time.Duration, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header()["Date"] = []string{b.Now().UTC().Format(http.TimeFormat)}
		// Graph is slow by itself, so that requests meet in the mailbox.
		if service != "graph" && !b.Wait(r.Context(), base) {
			return
		}
		if service != "token" && service != "graph" {
			next.ServeHTTP(w, r)
			return
		}
		if to, ok := b.HitValue(RedirectForeign); ok {
			http.Redirect(w, r, to, http.StatusTemporaryRedirect)
			return
		}
		if b.Strikes(HTMLAnswer, service) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			_, _ = w.Write([]byte(loginPage))
			return
		}
		if b.Strikes(Truncated, service) {
			truncate(w, r, next)
			return
		}
		next.ServeHTTP(w, r)
	})
}

// Wait is late by base and by the fault; false if ctx ended meanwhile.
func (b *Board) Wait(ctx context.Context, base time.Duration) bool {
	late := base + b.hitLatency()
	if late <= 0 {
		return true
	}
	t := time.NewTimer(late)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

func (b *Board) hitLatency() time.Duration {
	v, ok := b.HitValue(Latency)
	if !ok {
		return 0
	}
	d, _ := time.ParseDuration(v)
	return d
}

// truncate promises the whole answer, sends half of it and breaks the line.
func truncate(w http.ResponseWriter, r *http.Request, next http.Handler) {
	rec := &recorder{header: w.Header()}
	next.ServeHTTP(rec, r)
	w.Header().Set("Content-Length", strconv.Itoa(rec.body.Len()))
	if rec.status != 0 {
		w.WriteHeader(rec.status)
	}
	_, _ = w.Write(rec.body.Bytes()[:rec.body.Len()/2])
	if f, ok := w.(http.Flusher); ok {
		f.Flush()
	}
	panic(http.ErrAbortHandler) // the documented way to break the connection
}

type recorder struct {
	header http.Header
	status int
	body   bytes.Buffer
}

func (r *recorder) Header() http.Header         { return r.header }
func (r *recorder) WriteHeader(status int)      { r.status = status }
func (r *recorder) Write(p []byte) (int, error) { return r.body.Write(p) }
