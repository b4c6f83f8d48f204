package practice

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/url"
	"path/filepath"
	"slices"
	"sync"

	"entrada/internal/practice/directory"
	"entrada/internal/practice/identity"
	"entrada/internal/practice/mailboxes"
	"entrada/internal/practice/statefile"
	"entrada/internal/practice/tokens"
)

// keptVersion is that of the state file. A program that does not know it leaves
// the file alone.
const keptVersion = 1

// contents is everything that outlasts a restart, and the room that holds the
// refresh tokens.
type contents struct {
	dir   directory.Directory
	mail  *mailboxes.Store
	keys  *tokens.Keys
	login *identity.Server
	admin directory.AdminApp
}

// kept is the state file. Secrets and refresh tokens are in it as hashes. The
// one thing in it to be careful with is the signing key: it opens this pretend
// organisation, which asks for no passwords anyway, and nothing else.
type kept struct {
	Version  int              `json:"version"`
	About    string           `json:"about"`
	AdminApp keptAdmin        `json:"adminApp"`
	Key      json.RawMessage  `json:"signingKey"`
	Dir      directory.Saved  `json:"directory"`
	Mail     mailboxes.Saved  `json:"mailboxes"`
	Refresh  []identity.Saved `json:"refreshTokens"`
}

type keptAdmin struct {
	ClientID string `json:"clientId"`
	KeyID    string `json:"keyId"`
}

const aboutKept = "The practice organisation of Entrada: pretend accounts and pretend mail. Delete this file to " +
	"start afresh."

// notes are what a person should know about how it went.
type notes struct {
	mu   sync.Mutex
	list []string
}

func (n *notes) add(format string, args ...any) {
	n.mu.Lock()
	defer n.mu.Unlock()
	if text := fmt.Sprintf(format, args...); !slices.Contains(n.list, text) {
		n.list = append(n.list, text)
	}
}

// Notes tell, in sentences, why the organisation is not the one of last time or
// is not kept. Usually there are none.
func (s *Server) Notes() []string {
	s.notes.mu.Lock()
	defer s.notes.mu.Unlock()
	return slices.Clone(s.notes.list)
}

// Elsewhere reports whether the organisation of the state file is running in
// another program; this one is then a fresh one.
func (s *Server) Elsewhere() bool { return s.elsewhere }

// found takes up the organisation of last time, or founds a new one.
func (s *Server) found(o Options) error {
	var was kept
	if data := s.read(o.StateFile); data != nil {
		err := json.Unmarshal(data, &was)
		if err == nil {
			err = s.restore(was)
		}
		if err != nil {
			s.setAside(err)
			was = kept{}
		}
	}
	if s.keys == nil {
		keys, err := tokens.New()
		if err != nil {
			return fmt.Errorf("make a signing key: %w", err)
		}
		s.empty(keys)
	}
	var err error
	s.admin, err = directory.Complete(
		s.dir.Primary(), o.Tenants, directory.AdminApp{ClientID: was.AdminApp.ClientID, KeyID: was.AdminApp.KeyID,
			ClientSecret: directory.SecretText(s.keys.Derived("the administrator app's secret"))})
	return err
}

// read opens the state file. Whatever hinders that, there will be an
// organisation, be it for this run alone.
func (s *Server) read(path string) []byte {
	if path == "" {
		return nil
	}
	file, data, err := statefile.Open(path, keptVersion)
	s.file = file
	const alone = "This run has a fresh one, and nothing of it is kept."
	switch {
	case errors.Is(err, statefile.ErrDamaged):
		s.setAside(err)
	case errors.Is(err, statefile.ErrNewer):
		s.notes.add(
			"The practice organisation in %s was saved by a newer version of Entrada and stays as it is. %s", path,
			alone)
	case errors.Is(err, statefile.ErrInUse):
		s.elsewhere = true
		s.notes.add("The practice organisation in %s is in use by another program. %s", path, alone)
	case err != nil:
		s.notes.add("The practice organisation in %s cannot be opened: %v. %s", path, err, alone)
	default:
		return data
	}
	return nil
}

func (s *Server) setAside(why error) {
	name, err := s.file.SetAside()
	if err != nil {
		s.file.Release()
		s.file = nil
		s.notes.add(
			"The saved practice organisation cannot be read (%v) and cannot be moved out of the way (%v). This run "+
				"has a fresh one, and nothing of it is kept.", why, err)
		return
	}
	s.notes.add(
		"The saved practice organisation cannot be read (%v). It is set aside as %s, and a fresh one begins.", why,
		filepath.Base(name))
}

// empty makes new rooms.
func (s *Server) empty(keys *tokens.Keys) {
	s.contents = contents{keys: keys, dir: directory.New(rules(s.board, s.file.Changed)),
		mail: mailboxes.New(s.board.Now, s.file.Changed)}
	s.login = identity.New(
		identity.Config{Directory: s.dir, Keys: keys, Faults: s.board, GraphBase: s.graphBase, Changed: s.file.Changed})
}

// restore fills the rooms, or leaves them as they were: there may be half an
// organisation in them.
func (s *Server) restore(was kept) error {
	keys, err := tokens.Kept(was.Key)
	if err != nil {
		return err
	}
	s.empty(keys)
	if err = s.dir.Restore(was.Dir); err == nil {
		err = s.mail.Restore(was.Mail)
	}
	if err != nil {
		s.contents = contents{}
		return err
	}
	s.login.Restore(was.Refresh)
	return nil
}

// keep begins to write. Without a place to write to, the organisation still
// works.
func (s *Server) keep() {
	if s.file == nil {
		return
	}
	failed := func(err error) { s.notes.add("The practice organisation cannot be saved: %v.", err) }
	if s.file.Keep(s.encode, failed) != nil {
		s.file.Release()
		s.file = nil
	}
}

func (s *Server) encode() ([]byte, error) {
	key, err := s.keys.Keep()
	if err != nil {
		return nil, err
	}
	k := kept{Version: keptVersion, About: aboutKept, AdminApp: keptAdmin{s.admin.ClientID, s.admin.KeyID}, Key: key,
		Dir: s.dir.Primary().Save(), Mail: s.mail.Save(), Refresh: s.login.Save()}
	for i := range k.Dir.SignIns {
		in := &k.Dir.SignIns[i]
		in.Scopes = slices.Clone(in.Scopes)
		for j := range in.Scopes {
			in.Scopes[j] = s.withoutPort(in.Scopes[j])
		}
	}
	return json.Marshal(k)
}

// withoutPort names Graph by its real name in a scope that was asked for at our
// address, which is another the next time.
func (s *Server) withoutPort(scope string) string {
	u, err := url.Parse(scope)
	if err != nil || u.Port() == "" || !s.knownHost(u.Host) {
		return scope
	}
	return "https://graph.microsoft.com" + u.Path
}
