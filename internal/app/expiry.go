package app

import (
	"entrada/internal/connections"
	"entrada/internal/registration"
)

// CorrectExpiry takes the day on which the secret of a saved connection expires
// from its registration. note says what was corrected, "" if nothing was.
func (a App) CorrectExpiry(r connections.Record, list []registration.Requirement) (
	corrected connections.Record, note string, err error) {
	end, found, note := registration.ExpiryIn(list, r.SecretID, r.SecretExpires)
	if !found || end.Equal(r.SecretExpires) && !r.ExpiryTyped {
		return r, note, nil
	}
	r.SecretExpires, r.ExpiryTyped = end, false
	return r, note, a.Connections.UpdateRecord(r)
}
