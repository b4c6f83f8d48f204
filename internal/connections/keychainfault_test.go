package connections

import (
	"context"
	"errors"
	"fmt"
	"os/exec"
	"strings"
	"syscall"
	"testing"

	"github.com/zalando/go-keyring"

	"entrada/internal/fault"
	"entrada/internal/secret"
)

type exit int

func (e exit) Error() string { return fmt.Sprintf("exit status %d", int(e)) }
func (e exit) ExitCode() int { return int(e) }

// K05, K06 and K08: what the systems say, in their own words and numbers.
func TestErrorsOfTheSystemsGetTheirKind(t *testing.T) {
	for _, c := range []struct {
		err  error
		want fault.Kind
	}{
		{keyring.ErrNotFound, fault.KeychainMissing},
		{fmt.Errorf("wrapped: %w", keyring.ErrNotFound), fault.KeychainMissing},
		{keyring.ErrSetDataTooBig, fault.KeychainTooLarge},
		{keyring.ErrUnsupportedPlatform, fault.KeychainUnavailable},
		{syscall.Errno(1312), fault.KeychainUnavailable},
		{syscall.Errno(1223), fault.KeychainDeclined},
		{syscall.Errno(1168), fault.KeychainMissing},
		{syscall.Errno(1783), fault.KeychainTooLarge},
		{errors.New("A specified logon session does not exist. It may already have been terminated."),
			fault.KeychainUnavailable},
		{exit(36), fault.KeychainLocked},
		{exit(44), fault.KeychainMissing},
		{exit(51), fault.KeychainDeclined},
		{exit(128), fault.KeychainDeclined},
		{exit(1), fault.KeychainUnavailable},
		{&exec.ExitError{}, fault.KeychainUnavailable},
		{errors.New("security: SecKeychainItemCreateFromContent (<default>): User interaction is not allowed."),
			fault.KeychainLocked},
		{errors.New("OSStatus -25308"), fault.KeychainLocked},
		{errors.New("failed to unlock correct collection '/org/freedesktop/secrets/aliases/default'"),
			fault.KeychainLocked},
		{errors.New("dbus: couldn't determine address of session bus"), fault.KeychainUnavailable},
		{errors.New("exec: \"dbus-launch\": executable file not found in $PATH"), fault.KeychainUnavailable},
		{context.Canceled, fault.Cancelled},
		{context.DeadlineExceeded, fault.KeychainTimedOut},
		{&fault.Error{Kind: fault.KeychainCorrupt}, fault.KeychainCorrupt},
		{nil, ""},
	} {
		if got := keychainKind(c.err); got != c.want {
			t.Errorf("%v: %q, not %q", c.err, got, c.want)
		}
	}
}

func TestEachCallReportsTheLibrarysError(t *testing.T) {
	ctx := t.Context()
	locked, gone := exit(36), syscall.Errno(1312)
	f := newFake()
	g := guard(f)
	must(t, g.Set(ctx, account, secret.New("a secret")))
	f.getErr, f.setErr, f.removeErr = locked, locked, locked
	_, err := g.Get(ctx, account)
	wantKind(t, err, fault.KeychainLocked)
	wantKind(t, g.Set(ctx, account, secret.New("other one")), fault.KeychainLocked)
	wantKind(t, g.Delete(ctx, account), fault.KeychainLocked)

	f.setErr, f.removeErr = nil, nil
	f.getErr = gone // the look afterwards fails
	wantKind(t, g.Set(ctx, account, secret.New("other one")), fault.KeychainUnavailable)
	wantKind(t, g.Delete(ctx, account), fault.KeychainUnavailable)
}

func TestErrorThatQuotesTheSecretIsWithheld(t *testing.T) {
	for _, quoted := range []string{"my secret ~ value", "v1:bXkgc2VjcmV0IH4gdmFsdWU"} {
		f := newFake()
		f.setErr = fmt.Errorf("security: add-generic-password -w %s: failed", quoted)
		err := guard(f).Set(t.Context(), account, secret.New("my secret ~ value"))
		wantKind(t, err, fault.KeychainUnavailable)
		if strings.Contains(fmt.Sprintf("%+v %v", err, err), quoted) {
			t.Error("the error shows the secret")
		}
	}
}
