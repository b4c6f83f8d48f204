package deliver

import (
	"context"
	"io"
	"os"

	"entrada/internal/app"
	"entrada/internal/connections"
	"entrada/internal/fault"
	"entrada/internal/guides"
	"entrada/internal/handover"
	"entrada/internal/safefile"
	"entrada/internal/secret"
)

// Output is one file to write.
type Output struct {
	Format handover.Format
	Path   string
	To     io.Writer // in place of a file, if it is set
}

// Export writes files of a saved connection. The keychain is asked only if one
// of them holds the secret. Each file is whole or not there; where the second
// of two is refused, the first has been written. Before the secret leaves the
// program, the registration that made it is marked as kept.
func Export(ctx context.Context, a app.App, r connections.Record, g *guides.Guide, l handover.Lock,
	mailboxPassword secret.Value, overwrite bool, files []Output) error {
	data := make([][]byte, len(files))
	for i, f := range files {
		s := Secrets{PasswordGiven: !mailboxPassword.IsEmpty()}
		if f.Format.Sealed {
			v, err := a.Connections.Secret(ctx, r.ID)
			if err != nil {
				return err
			}
			s = Secrets{Client: v, MailboxPassword: mailboxPassword}
		}
		made, err := f.Format.Write(Package(a, r, g, s), l)
		if err != nil {
			return err
		}
		data[i] = made
	}
	if !overwrite {
		for _, f := range files {
			if f.To == nil && there(f.Path) {
				return &fault.Error{Kind: fault.FileExists, Op: "save the file", Subject: f.Path}
			}
		}
	}
	for i, f := range files {
		if f.Format.Sealed {
			if err := a.KeepRegistration(r); err != nil {
				return err
			}
		}
		if f.To != nil {
			if _, err := f.To.Write(data[i]); err != nil {
				return fault.New(fault.FileReadOnly, "write the settings", err)
			}
			continue
		}
		if err := safefile.Write(f.Path, data[i], safefile.Options{Overwrite: overwrite, AnyFolder: true}); err != nil {
			return err
		}
	}
	return nil
}

// DeleteLocalCopy deletes the secret from this computer's keychain and, if it
// is still there, the encrypted file at path; the connection stays in the list.
// Nothing but an encrypted hand-over is ever deleted as a file.
func DeleteLocalCopy(ctx context.Context, a app.App, r connections.Record, path string) (connections.Record, error) {
	r, err := a.Connections.ForgetSecret(ctx, r.ID)
	if err != nil || path == "" {
		return r, err
	}
	_, key, err := ReadHandOver(path)
	switch {
	case fault.Is(err, fault.FileNotFound), fault.Is(err, fault.FileCorrupt), err == nil && key == handover.KeyNone:
		return r, nil // moved away, or another file by now
	case err != nil:
		return r, err
	}
	if err := os.Remove(path); err != nil {
		return r, &fault.Error{Kind: fault.FileReadOnly, Op: "delete the file", Subject: path, Err: err}
	}
	r.Exported = nil
	return r, a.Connections.UpdateRecord(r)
}
