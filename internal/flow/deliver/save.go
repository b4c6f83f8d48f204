package deliver

import (
	"context"

	"entrada/internal/app"
	"entrada/internal/connections"
	"entrada/internal/handover"
	"entrada/internal/journey"
	"entrada/internal/secret"
)

// KeepBehindPassphrase saves the connection with its secret in a file that the
// passphrase opens: for a computer without a keychain. A passphrase for a new
// file has to be a good one; the one of a file that is there has to be its, and
// a file that is open needs none.
func KeepBehindPassphrase(ctx context.Context, a app.App, r connections.Record, v, passphrase secret.Value) (connections.Record, error) {
	_, exists, locked := a.Connections.PassphraseFile()
	switch {
	case exists && !locked:
		r.SecretIn = connections.InFile
		return a.Connections.Save(ctx, r, v)
	case !exists:
		if err := handover.CheckPassphrase(passphrase); err != nil {
			return connections.Record{}, err
		}
	}
	return a.Connections.SaveBehindPassphrase(ctx, r, v, passphrase)
}

// KeepForSession keeps the connection in memory until the program ends.
func KeepForSession(a app.App, j *journey.Journey) connections.Record {
	return a.Connections.KeepForSession(j.Record(), j.Secret())
}
