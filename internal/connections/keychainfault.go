package connections

import (
	"context"
	"errors"
	"strings"
	"syscall"

	"github.com/zalando/go-keyring"

	"entrada/internal/fault"
	"entrada/internal/secret"
)

// keychainFault turns an error of the keychain library into a fault.
func keychainFault(op string, err error) error {
	var f *fault.Error
	if errors.As(err, &f) {
		return err
	}
	return fault.New(keychainKind(err), op, err)
}

// keychainKind is the one place that reads the error texts and numbers of the
// systems. nil is "".
func keychainKind(err error) fault.Kind {
	var (
		f     *fault.Error
		errno syscall.Errno
		exit  interface{ ExitCode() int }
	)
	switch {
	case err == nil:
		return ""
	case errors.As(err, &f):
		return f.Kind
	case errors.Is(err, keyring.ErrNotFound):
		return fault.KeychainMissing
	case errors.Is(err, keyring.ErrSetDataTooBig):
		return fault.KeychainTooLarge
	case errors.Is(err, keyring.ErrUnsupportedPlatform):
		return fault.KeychainUnavailable
	case errors.Is(err, context.Canceled):
		return fault.Cancelled
	case errors.Is(err, context.DeadlineExceeded):
		return fault.KeychainTimedOut
	}
	if kind, ok := busKinds[busErrorName(err)]; ok {
		return kind
	}
	if errors.As(err, &errno) {
		if kind, ok := windowsKinds[errno]; ok {
			return kind
		}
	}
	if errors.As(err, &exit) {
		if kind, ok := macExitKinds[exit.ExitCode()]; ok {
			return kind
		}
	}
	text := strings.ToLower(err.Error())
	for _, t := range textKinds {
		if strings.Contains(text, t.text) {
			return t.kind
		}
	}
	return fault.KeychainUnavailable
}

// busKinds: names of D-Bus errors.
var busKinds = map[string]fault.Kind{
	"org.freedesktop.Secret.Error.IsLocked":                       fault.KeychainLocked,
	"org.freedesktop.Secret.Error.NoSuchObject":                   fault.KeychainUnavailable,
	"org.freedesktop.Secret.Error.NoSession":                      fault.KeychainUnavailable,
	"org.freedesktop.DBus.Error.ServiceUnknown":                   fault.KeychainUnavailable,
	"org.freedesktop.DBus.Error.NameHasNoOwner":                   fault.KeychainUnavailable,
	"org.freedesktop.DBus.Error.AccessDenied":                     fault.KeychainDeclined,
	"org.freedesktop.DBus.Error.NoReply":                          fault.KeychainTimedOut,
	"org.freedesktop.DBus.Error.Timeout":                          fault.KeychainTimedOut,
	"org.freedesktop.DBus.Error.TimedOut":                         fault.KeychainTimedOut,
	"org.freedesktop.DBus.Error.LimitsExceeded":                   fault.KeychainTooLarge,
	"org.freedesktop.DBus.Error.Spawn.ServiceNotFound":            fault.KeychainUnavailable,
	"org.freedesktop.DBus.Error.Spawn.ChildExited":                fault.KeychainUnavailable,
	"org.freedesktop.DBus.Error.Spawn.ExecFailed":                 fault.KeychainUnavailable,
	"org.freedesktop.DBus.Error.Disconnected":                     fault.KeychainUnavailable,
	"org.freedesktop.DBus.Error.UnknownObject":                    fault.KeychainUnavailable,
	"org.freedesktop.DBus.Error.UnknownMethod":                    fault.KeychainUnavailable,
	"org.gnome.keyring.Error.Denied":                              fault.KeychainDeclined,
	"org.freedesktop.portal.Error.Cancelled":                      fault.KeychainDeclined,
	"org.freedesktop.Secret.Error.Cancelled":                      fault.KeychainDeclined,
	"org.freedesktop.DBus.Error.InteractiveAuthorizationRequired": fault.KeychainLocked,
}

// windowsKinds: error numbers of the Credential Manager, none of which is an
// error number elsewhere.
var windowsKinds = map[syscall.Errno]fault.Kind{
	1168: fault.KeychainMissing,     // ERROR_NOT_FOUND
	1223: fault.KeychainDeclined,    // ERROR_CANCELLED
	1312: fault.KeychainUnavailable, // ERROR_NO_SUCH_LOGON_SESSION: SSH, network logon, policy
	1783: fault.KeychainTooLarge,    // RPC_X_BAD_STUB_DATA
	2202: fault.KeychainUnavailable, // ERROR_BAD_USERNAME
}

// macExitKinds: how /usr/bin/security ends, the last byte of an OSStatus.
var macExitKinds = map[int]fault.Kind{
	36:  fault.KeychainLocked,      // -25308: no one there to ask
	44:  fault.KeychainMissing,     // -25300
	51:  fault.KeychainDeclined,    // -25293: wrong password, or denied
	128: fault.KeychainDeclined,    // -128: cancelled
	50:  fault.KeychainUnavailable, // -25294: no such keychain
	37:  fault.KeychainUnavailable, // -25307: no default keychain
}

var textKinds = []struct {
	text string
	kind fault.Kind
}{
	{"-25308", fault.KeychainLocked},
	{"user interaction is not allowed", fault.KeychainLocked},
	{"failed to unlock correct collection", fault.KeychainLocked},
	{"is locked", fault.KeychainLocked},
	{"-25293", fault.KeychainDeclined},
	{"-128", fault.KeychainDeclined},
	{"user canceled", fault.KeychainDeclined},
	{"dismissed", fault.KeychainDeclined},
	{"could not be found", fault.KeychainMissing},
	{"specified logon session does not exist", fault.KeychainUnavailable},
}

// withoutSecret drops a cause that quotes what was to be stored.
func withoutSecret(err error, encoded string, v secret.Value) error {
	text := err.Error()
	if !strings.Contains(text, encoded) && (v.IsEmpty() || !strings.Contains(text, v.Reveal())) {
		return err
	}
	return fault.New(fault.KindOf(err), "save in the keychain", errors.New("the keychain's own message is not shown"))
}
