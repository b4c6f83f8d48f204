//go:build !windows && !darwin

package clipboard

import (
	"errors"
	"io"

	"github.com/jezek/xgb"
	"github.com/jezek/xgb/xproto"
)

// The targets that a concealed text is offered under: what it can be converted
// to, in X's words.
const (
	utf8Text  = "UTF8_STRING"
	plainText = "text/plain;charset=utf-8"
	latinText = "STRING"
	hint      = "x-kde-passwordManagerHint" // its content is "secret"
	targets   = "TARGETS"
	timestamp = "TIMESTAMP"
	multiple  = "MULTIPLE"
)

// longest is in bytes. What is longer would have to be handed over in pieces;
// no secret is.
const longest = 64 << 10

var errNotOwned = errors.New("clipboard: the selection has another owner")

// selection is the ownership of X's CLIPBOARD selection, by the rules of the
// Inter-Client Communication Conventions Manual, section 2.
type selection struct {
	conn   *xgb.Conn
	window xproto.Window
	atoms  map[string]xproto.Atom
	since  xproto.Timestamp
	text   []byte
}

// own takes the selection. The connection is closed again if it cannot.
func own(text string) (s *selection, err error) {
	if len(text) > longest {
		return nil, errors.New("clipboard: too long to be offered in one piece")
	}
	// It would write to the standard error of whoever started the program.
	xgb.Logger.SetOutput(io.Discard)
	conn, err := xgb.NewConn()
	if err != nil {
		return nil, err
	}
	defer func() {
		if err != nil {
			conn.Close()
		}
	}()
	s = &selection{conn: conn, text: []byte(text), atoms: map[string]xproto.Atom{}}
	for _, name := range []string{"CLIPBOARD", targets, timestamp, multiple, "ATOM_PAIR", utf8Text, plainText, hint} {
		reply, err := xproto.InternAtom(conn, false, uint16(len(name)), name).Reply()
		if err != nil {
			return nil, err
		}
		s.atoms[name] = reply.Atom
	}
	s.atoms[latinText] = xproto.AtomString
	if s.window, err = s.open(); err != nil {
		return nil, err
	}
	if s.since, err = s.now(); err != nil {
		return nil, err
	}
	clipboard := s.atoms["CLIPBOARD"]
	if err := xproto.SetSelectionOwnerChecked(conn, s.window, clipboard, s.since).Check(); err != nil {
		return nil, err
	}
	owner, err := xproto.GetSelectionOwner(conn, clipboard).Reply()
	if err != nil {
		return nil, err
	}
	if owner.Owner != s.window {
		return nil, errNotOwned
	}
	return s, nil
}

// open makes a window that is never shown: an owner is always a window.
func (s *selection) open() (xproto.Window, error) {
	window, err := xproto.NewWindowId(s.conn)
	if err != nil {
		return 0, err
	}
	root := xproto.Setup(s.conn).DefaultScreen(s.conn).Root
	return window, xproto.CreateWindowChecked(s.conn, xproto.WindowClassCopyFromParent, window, root, 0, 0, 1, 1, 0,
		xproto.WindowClassInputOnly, xproto.WindowClassCopyFromParent, xproto.CwEventMask,
		[]uint32{xproto.EventMaskPropertyChange}).Check()
}

// now is the time of the server, which a change of a property tells. Without it
// a copy that somebody made a moment later could lose against this one.
func (s *selection) now() (xproto.Timestamp, error) {
	err := xproto.ChangePropertyChecked(
		s.conn, xproto.PropModeAppend, s.window, xproto.AtomWmName, xproto.AtomString, 8, 0, nil).Check()
	if err != nil {
		return 0, err
	}
	for {
		switch event, failure := s.conn.WaitForEvent(); e := event.(type) {
		case xproto.PropertyNotifyEvent:
			return e.Time, nil
		case nil:
			if failure == nil {
				return 0, io.ErrClosedPipe
			}
		}
	}
}

// serve answers who asks, until somebody else owns the selection.
func (s *selection) serve() {
	defer s.conn.Close()
	for {
		event, failure := s.conn.WaitForEvent()
		switch e := event.(type) {
		case xproto.SelectionClearEvent:
			return
		case xproto.SelectionRequestEvent:
			s.answer(e)
		case nil:
			if failure == nil {
				return // the server is gone
			}
			// Who asked is gone; the next one is not.
		}
	}
}

func (s *selection) answer(e xproto.SelectionRequestEvent) {
	property := e.Property
	if property == xproto.AtomNone { // a client from before 1988
		property = e.Target
	}
	early := e.Time != xproto.TimeCurrentTime && e.Time < s.since
	if early || !s.convert(e.Requestor, e.Target, property) {
		property = xproto.AtomNone
	}
	told := xproto.SelectionNotifyEvent{Time: e.Time, Requestor: e.Requestor, Selection: e.Selection, Target: e.Target,
		Property: property}
	xproto.SendEvent(s.conn, false, e.Requestor, xproto.EventMaskNoEvent, string(told.Bytes()))
}

// convert writes what is asked for to a property of the window that asked, and
// says whether there is such a thing.
func (s *selection) convert(to xproto.Window, target, property xproto.Atom) bool {
	switch target {
	case s.atoms[targets]:
		offered := []string{targets, timestamp, multiple, utf8Text, plainText, hint}
		if s.isASCII() {
			offered = append(offered, latinText)
		}
		list := make([]byte, 4*len(offered))
		for i, name := range offered {
			xgb.Put32(list[4*i:], uint32(s.atoms[name]))
		}
		s.write(to, property, xproto.AtomAtom, 32, list)
	case s.atoms[timestamp]:
		since := make([]byte, 4)
		xgb.Put32(since, uint32(s.since))
		s.write(to, property, xproto.AtomInteger, 32, since)
	case s.atoms[multiple]:
		return s.convertEach(to, property)
	case s.atoms[hint]:
		s.write(to, property, target, 8, []byte("secret"))
	case s.atoms[latinText]:
		if !s.isASCII() {
			return false
		}
		s.write(to, property, target, 8, s.text)
	case s.atoms[utf8Text], s.atoms[plainText]:
		s.write(to, property, target, 8, s.text)
	default:
		return false
	}
	return true
}

// convertEach serves the pairs of target and property in a property of the
// window that asked, and strikes out the properties of what there is not.
func (s *selection) convertEach(to xproto.Window, property xproto.Atom) bool {
	pairs, err := xproto.GetProperty(s.conn, false, to, property, s.atoms["ATOM_PAIR"], 0, 64).Reply()
	if err != nil || pairs.Format != 32 {
		return false
	}
	for pair := pairs.Value; len(pair) >= 8; pair = pair[8:] {
		target, into := xproto.Atom(xgb.Get32(pair)), xproto.Atom(xgb.Get32(pair[4:]))
		if target == s.atoms[multiple] || !s.convert(to, target, into) {
			xgb.Put32(pair[4:], xproto.AtomNone)
		}
	}
	s.write(to, property, s.atoms["ATOM_PAIR"], 32, pairs.Value)
	return true
}

func (s *selection) write(to xproto.Window, property, kind xproto.Atom, format byte, data []byte) {
	xproto.ChangeProperty(
		s.conn, xproto.PropModeReplace, to, property, kind, format, uint32(len(data)/int(format/8)), data)
}

func (s *selection) isASCII() bool {
	for _, b := range s.text {
		if b >= 0x80 {
			return false
		}
	}
	return true
}
