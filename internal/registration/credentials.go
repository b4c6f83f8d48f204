package registration

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"entrada/internal/entra"
	"entrada/internal/graph"
	"entrada/internal/words"
)

// localKnowledge is what this computer itself knows of an app. Nobody else could have
// put it there.
type localKnowledge struct {
	made    bool     // a run of ours has created the app
	secrets []string // IDs of the client secrets that were made or saved here
	me      string   // object ID of who is signed in, "" if that is not known
}

// localKnowledgeOf reads the journals of an app. A name proves nothing: whoever
// registers an app chooses its names.
func (e *Engine) localKnowledgeOf(clientID string) localKnowledge {
	h := localKnowledge{secrets: slices.Clone(e.Secrets), me: e.Me}
	// A journal that cannot be read vouches for nothing.
	journals, _ := Journals(e.Folder)
	for _, j := range journals {
		if j.Plan.TenantID != e.TenantID || j.Plan.CloudID != e.Cloud.ID || !strings.EqualFold(j.ClientID, clientID) {
			continue
		}
		h.made = h.made || j.ObjectID != "" && j.made(CreateApp)
		if id := j.SecretID(); id != "" {
			h.secrets = append(h.secrets, id)
		}
	}
	renewals, _ := Renewals(e.Folder)
	for _, n := range renewals {
		if strings.EqualFold(n.ClientID, clientID) {
			h.secrets = append(h.secrets, n.NewKeyID, n.OldKeyID)
		}
	}
	return h
}

func (h localKnowledge) knows(keyID string) bool {
	return slices.ContainsFunc(h.secrets, func(id string) bool { return id != "" && strings.EqualFold(id, keyID) })
}

// accessPath is one way in which somebody else can use the app's permissions.
type accessPath struct {
	Item
	page entra.PortalPage
	menu string
}

// accessPaths lists how somebody else could sign in as the app, or change it. It
// covers what was looked up; see unread.
func (c comparison) accessPaths(a graph.Application) []accessPath {
	list := c.foreignAddresses(a)
	for _, s := range c.foreignSecrets(a) {
		list = append(
			list, accessPath{Item{"The client secret “" + cleanName(cmp.Or(s.DisplayName, s.Hint+"…")) + "”", Differs,
				madeAndEnds(s.Start, s.End) + " Whoever knows it can sign in as this app."}, entra.PageSecrets,
				"Certificates & secrets"})
	}
	for _, k := range a.Certificates {
		if k.End.IsZero() || k.End.After(c.now) {
			list = append(
				list, accessPath{Item{"The certificate “" + cleanName(cmp.Or(k.DisplayName, k.KeyID)) + "”", Differs,
					madeAndEnds(time.Time{}, k.End) +
						" Whoever holds its key can sign in as this app, without a client secret."}, entra.PageSecrets,
					"Certificates & secrets"})
		}
	}
	for _, f := range c.a.Federated.Value {
		list = append(
			list, accessPath{Item{"The federated credential “" + cleanName(f.Name) + "”", Differs,
				"Somebody who is “" + cleanName(f.Subject) + "” at " + cleanName(f.Issuer) +
					" can sign in as this app, without a client secret."}, entra.PageSecrets, "Certificates & secrets"})
	}
	for _, o := range c.a.Owners.Value {
		if o.ID != "" && strings.EqualFold(o.ID, c.a.local.me) {
			continue
		}
		name := "somebody whose name this account may not see (ID " + o.ID + ")"
		if o.Name != "" {
			if name = cleanName(o.Name); o.Address != "" {
				name += " (" + cleanName(o.Address) + ")"
			}
		}
		list = append(
			list, accessPath{Item{"The owner " + name, Differs,
				"An owner can change this app and add secrets to it at any time."}, entra.PageOverview, "Owners"})
	}
	return list
}

// foreignAddresses are the redirect URIs that the vendor did not ask for. An address on
// a server that it asked for does no harm, nor does one on loopback.
func (c comparison) foreignAddresses(a graph.Application) (list []accessPath) {
	var hosts []string
	for _, r := range c.w.Redirects {
		hosts = append(hosts, hostOf(r.URI))
	}
	for _, r := range registeredURIs(a) {
		if host := hostOf(r.uri); !isLoopback(host) && !slices.Contains(hosts, host) {
			list = append(
				list, accessPath{Item{"The sign-in address " + cleanName(r.uri) + " (" + r.platform + ")", Differs,
					c.w.Vendor + " did not ask for it. Whoever runs " + cleanName(host) +
						" can have people's sign-ins sent there."}, entra.PageAuthentication, "Authentication"})
		}
	}
	return list
}

// foreignSecrets are the valid secrets that were not made or saved here. If none is
// known here and there is one, it counts as the one in use. With trustNothing it does
// not.
func (c comparison) foreignSecrets(a graph.Application) (list []graph.Password) {
	known := false
	for _, s := range a.Secrets {
		switch {
		case c.a.local.knows(s.KeyID):
			known = true
		case s.End.After(c.now):
			list = append(list, s)
		}
	}
	if !known && len(c.a.local.secrets) == 0 && len(list) == 1 && !c.trustNothing {
		return nil
	}
	return list
}

func madeAndEnds(start, end time.Time) string {
	switch {
	case end.IsZero():
		return "It has no end."
	case start.IsZero():
		return "Valid until " + end.Format(words.Date) + "."
	}
	return fmt.Sprintf("Made on %s, valid until %s.", start.Format(words.Date), end.Format(words.Date))
}

// unread names what could not be looked up, and the reason.
func (c comparison) unread() (names []string, reason error) {
	if !c.a.Owners.Known {
		names, reason = append(names, "its owners"), c.a.Owners.Err
	}
	if !c.a.Federated.Known {
		names, reason = append(names, "its federated credentials"), cmp.Or(reason, c.a.Federated.Err)
	}
	return names, reason
}

// others tells who else could use the app. A vendor or an administrator may have a good
// reason for each, so it decides no verdict. But Entrada cannot know the reason, so it is
// never OK.
func (c comparison) others() Requirement {
	r := Requirement{ID: Others, Title: "Who else can sign in as this app", Want: "nobody but " + c.w.Vendor,
		Have: "nobody else", Advice: true, Fixers: appAdmins,
		Page: entra.PageSecrets, Path: pathTo("Certificates & secrets"),
		Why: "If you do not know what one of these is for, ask, and delete it in the portal if nobody needs it."}
	return c.ofApp(r, func(r *Requirement, a graph.Application) {
		paths := c.accessPaths(a)
		names, reason := c.unread()
		if len(paths) == 0 && len(names) > 0 {
			r.cannot(reason)
			return
		}
		for i, w := range paths {
			if r.Items = append(r.Items, w.Item); i == 0 {
				r.Page, r.Path = w.page, pathTo(w.menu)
			}
		}
		if r.is(len(paths) == 0); len(paths) > 0 {
			r.Have = "Somebody else can sign in as this app, or change it"
		}
		if len(names) > 0 {
			r.Items = append(
				r.Items, Item{"Also", Differs, words.UpperFirst(words.List(names)) + " could not be looked up."})
		}
	})
}

// NotOurs reports whether the app is of unknown origin: Entrada did not make it on this
// computer.
func (s ExistingApp) NotOurs() bool { return !s.ours }

// OthersWords introduces [ExistingApp.Others].
const OthersWords = "Entrada on this computer did not make these. Through each of them somebody may act as this " +
	"app, with all that it is allowed to do:"
