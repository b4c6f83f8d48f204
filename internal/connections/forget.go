package connections

import (
	"context"
	"time"

	"entrada/internal/fault"
	"entrada/internal/words"
)

// ForgetSecret deletes a connection's secret from the keychain and keeps the connection
// in the list. After a hand-over, only the vendor has the secret. On a fault nothing has
// changed, with one exception: if the deletion could not be noted, the secret is gone.
func (s *Store) ForgetSecret(ctx context.Context, id string) (Record, error) {
	const op = "delete the secret"
	r, ok := s.Get(id)
	switch {
	case !ok:
		return Record{}, fault.Invalid("connection", "This connection was removed meanwhile.")
	case r.SessionOnly:
		return Record{}, &fault.Error{Kind: fault.Misuse, Op: op, Detail: "a connection that ends with the program"}
	}
	release, err := s.alone(ctx)
	if err != nil {
		return Record{}, err
	}
	defer release()
	if err := s.keychain.Delete(ctx, r.account()); err != nil {
		return Record{}, err
	}
	r.SecretDeleted = s.now().UTC().Truncate(time.Second)
	if err := s.UpdateRecord(r); err != nil {
		return Record{}, err
	}
	r, _ = s.Get(id)
	return r, nil
}

// errDeletedHere says why there is no secret.
func errDeletedHere(r Record) error {
	return &fault.Error{Kind: fault.KeychainMissing, Op: "get the connection's secret", Subject: r.Name,
		Detail: "It was deleted here on " + r.SecretDeleted.Format(words.Date) +
			", after it had been handed over. The vendor has it."}
}
