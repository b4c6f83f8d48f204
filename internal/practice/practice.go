// Package practice is the practice tenant: a pretend Microsoft cloud on
// loopback that behaves as Entra and Graph document. It is where people train
// and where the tests end.
//
// This package only puts the rooms together and opens the doors: directory
// (state), identity (sign-in), graphapi (Graph), portal (admin center),
// mailboxes, faults and tokens. It must not know the product: of it, it imports
// entra alone, for the type that names a cloud's addresses.
//
// It is no security product. It asks for no passwords and answers on loopback
// only.
package practice

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"entrada/internal/entra"
	"entrada/internal/practice/directory"
	"entrada/internal/practice/faults"
	"entrada/internal/practice/graphapi"
	"entrada/internal/practice/portal"
	"entrada/internal/practice/statefile"
)

// Options say how to start. The zero value is one tenant on free ports.
type Options struct {
	// "127.0.0.1:0" if empty; loopback only. A fixed port P is for sign-in, P+1 Graph, P+2 the portal, P+3 TLS
	Listen  string
	Tenants int           // 1 if zero
	Latency time.Duration // added to every answer
	Faults  []string      // switched on from the start, see package faults
	TLSDir  string        // when set: keep a certificate authority there and serve TLS for Hosts
	Hosts   []string      // host names to serve over TLS, such as login.microsoftonline.com

	// StateFile, when set, is where the organisation outlasts a restart: what
	// was registered, granted, sent and planned, and who signed in. It is read at
	// the start and written soon after each change. If that cannot be, the
	// organisation lives in memory alone and [Server.Notes] says why. Tenants
	// then is a least number.
	StateFile string
}

// Server is a running practice tenant.
type Server struct {
	contents
	board     *faults.Board
	file      *statefile.File // nil: nothing is kept
	elsewhere bool            // see Elsewhere
	notes     notes
	cloud     entra.Cloud
	tls       *TLSInfo
	hosts     []string
	counts    counter

	cancel  context.CancelFunc
	unwatch func() bool
	servers []*http.Server
	serving sync.WaitGroup
	gate    gate
	closing sync.Once
}

// gate lets requests in until it is shut, and waits for those inside.
type gate struct {
	mu     sync.Mutex
	shut   bool
	inside sync.WaitGroup
}

func (g *gate) enter() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.shut {
		return false
	}
	g.inside.Add(1)
	return true
}

func (g *gate) close() {
	g.mu.Lock()
	g.shut = true
	g.mu.Unlock()
}

// Start opens the practice tenant; it returns when all addresses answer. The
// end of ctx closes it.
func Start(ctx context.Context, o Options) (*Server, error) {
	if o.Tenants == 0 {
		o.Tenants = 1
	}
	if o.Tenants < 0 {
		return nil, fmt.Errorf("practice: %d tenants", o.Tenants)
	}
	board, err := faults.New(o.Faults...)
	if err != nil {
		return nil, fmt.Errorf("practice: %w", err)
	}
	s := &Server{board: board, hosts: o.Hosts}
	if err := s.found(o); err != nil {
		s.file.Release()
		return nil, fmt.Errorf("practice: %w", err)
	}
	if err := s.open(o); err != nil {
		s.file.Release()
		return nil, err
	}
	s.keep()
	s.unwatch = context.AfterFunc(ctx, func() { _ = s.Close() })
	return s, nil
}

// open opens the doors of all rooms.
func (s *Server) open(o Options) error {
	doors, err := listen(o)
	if err != nil {
		return err
	}
	s.cloud = entra.Cloud{ID: entra.PracticeCloudID, Name: "Practice organisation",
		Login: doors.address(0), Graph: doors.address(1), Portal: doors.address(2)}
	graph := graphapi.New(
		graphapi.Config{Directory: s.dir, Mail: s.mail, Keys: s.keys, Faults: s.board, Latency: o.Latency})
	pages := portal.New(portal.Config{Directory: s.dir.Primary(), Mail: s.mail, Control: s.control()})
	handlers := []http.Handler{
		s.wrap("login", o.Latency, s.login), s.wrap("graph", o.Latency, graph), s.wrap("portal", o.Latency, pages),
	}
	if o.TLSDir != "" {
		if err := doors.secure(o, s); err != nil {
			doors.close()
			return err
		}
		handlers = append(handlers, s.byHost(handlers[0], handlers[1], handlers[2]))
	}
	s.serve(doors, handlers)
	return nil
}

// rules let the faults that concern the directory strike there.
func rules(board *faults.Board, changed func()) directory.Rules {
	return directory.Rules{
		Now:     board.Now,
		Changed: changed,
		Delay:   func() time.Duration { return board.Duration(faults.SlowReplication) },
		SecretRule: func() (bool, time.Duration) {
			v, on := board.Value(faults.SecretPolicy)
			days, err := strconv.Atoi(v)
			return on && err != nil, time.Duration(days) * 24 * time.Hour
		},
		Registering: func() bool { _, on := board.Value(faults.UsersCannotRegister); return !on },
	}
}

// doors are the open listeners: sign-in, Graph, portal and perhaps TLS.
type doors struct{ listeners []net.Listener }

func listen(o Options) (*doors, error) {
	if o.Listen == "" {
		o.Listen = "127.0.0.1:0"
	}
	host, port, err := net.SplitHostPort(o.Listen)
	if err != nil {
		return nil, fmt.Errorf("practice: listen address %q: %w", o.Listen, err)
	}
	if host == "localhost" {
		host = "127.0.0.1"
	}
	// Never beyond this computer: anyone who reaches it is an administrator.
	if ip := net.ParseIP(host); ip == nil || !ip.IsLoopback() {
		return nil, fmt.Errorf("practice: listen address %q is not on loopback", o.Listen)
	}
	first, err := strconv.Atoi(port)
	if err != nil {
		return nil, fmt.Errorf("practice: listen address %q: the port is no number", o.Listen)
	}
	n := 3
	if o.TLSDir != "" {
		n = 4
	}
	d := &doors{}
	for i := range n {
		p := 0
		if first != 0 {
			p = first + i
		}
		l, err := net.Listen("tcp", net.JoinHostPort(host, strconv.Itoa(p)))
		if err != nil {
			d.close()
			return nil, fmt.Errorf("practice: %w", err)
		}
		d.listeners = append(d.listeners, l)
	}
	return d, nil
}

func (d *doors) address(i int) string { return "http://" + d.listeners[i].Addr().String() }

func (d *doors) close() {
	for _, l := range d.listeners {
		_ = l.Close()
	}
}

func (s *Server) serve(d *doors, handlers []http.Handler) {
	var ctx context.Context
	ctx, s.cancel = context.WithCancel(context.Background())
	for i, l := range d.listeners {
		server := &http.Server{
			Handler: handlers[i], ReadHeaderTimeout: 10 * time.Second, IdleTimeout: 2 * time.Minute,
			MaxHeaderBytes: 64 << 10, ErrorLog: log.New(io.Discard, "", 0),
			BaseContext: func(net.Listener) context.Context { return ctx },
		}
		s.servers = append(s.servers, server)
		s.serving.Go(func() { _ = server.Serve(l) })
	}
}

// Close ends the practice tenant, waits until nothing of it runs, and writes what
// is not written yet. It may be called more than once.
func (s *Server) Close() error {
	var err error
	s.closing.Do(func() {
		if s.unwatch != nil {
			s.unwatch()
		}
		s.gate.close()
		s.cancel()
		for _, server := range s.servers {
			err = errors.Join(err, server.Close())
		}
		s.serving.Wait()
		s.gate.inside.Wait()
		err = errors.Join(err, s.file.Close())
	})
	return err
}

// wrap is what every request passes: only known host names, counting, faults.
func (s *Server) wrap(room string, latency time.Duration, next http.Handler) http.Handler {
	plain := s.board.Wrap("page", latency, next)
	answers := map[string]http.Handler{"graph": s.board.Wrap("graph", latency, next),
		"login": s.board.Wrap("token", latency, next)}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !s.gate.enter() {
			panic(http.ErrAbortHandler)
		}
		defer s.gate.inside.Done()
		if !s.knownHost(r.Host) {
			http.Error(w, "This is a practice tenant on another name.", http.StatusMisdirectedRequest)
			return
		}
		defer s.counts.add(room, r)
		handler := plain
		if room == "graph" || room == "login" && strings.HasSuffix(r.URL.Path, "/token") {
			handler = answers[room]
		}
		handler.ServeHTTP(w, r)
	})
}

// knownHost keeps web pages elsewhere from reaching us through a name of theirs
// that resolves to loopback.
func (s *Server) knownHost(host string) bool {
	name := host
	if h, _, err := net.SplitHostPort(host); err == nil {
		name = h
	}
	name = strings.Trim(name, "[]")
	if ip := net.ParseIP(name); ip != nil {
		return ip.IsLoopback()
	}
	for _, known := range append([]string{"localhost"}, s.hosts...) {
		if strings.EqualFold(name, known) {
			return true
		}
	}
	return false
}

// Cloud is the practice tenant as a cloud to pass to the product.
func (s *Server) Cloud() entra.Cloud { return s.cloud }

// SetFault switches a fault on or off.
func (s *Server) SetFault(name string, on bool) error { return s.board.Set(name, on) }

// Faults lists the faults that are on.
func (s *Server) Faults() []string { return s.board.Active() }
