//go:build linux || netbsd || openbsd

package connections

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"

	"github.com/godbus/dbus/v5"

	"entrada/internal/fault"
)

const (
	secretsName  = "org.freedesktop.secrets"
	secretsPath  = dbus.ObjectPath("/org/freedesktop/secrets")
	loginPath    = dbus.ObjectPath("/org/freedesktop/secrets/collection/login")
	serviceIface = "org.freedesktop.Secret.Service"
)

// openBus connects to the message bus of this session, until ctx ends or the caller
// closes it. It does not share the library's connection, which may hang in another call.
func openBus(ctx context.Context) (*dbus.Conn, error) {
	if overNetwork(os.Getenv("DBUS_SESSION_BUS_ADDRESS")) {
		return nil, unavailable(
			"The message bus of this session is reached over a network, which a secret would cross readable.", nil)
	}
	// This never starts a bus: a new bus would have no keychain.
	conn, err := dbus.SessionBusPrivateNoAutoStartup(dbus.WithContext(ctx))
	if err != nil {
		return nil, unavailable("This session has no message bus.", err)
	}
	if err = conn.Auth(nil); err == nil {
		err = conn.Hello()
	}
	if err != nil {
		_ = conn.Close()
		return nil, unavailable("The message bus of this session does not answer.", err)
	}
	return conn, nil
}

func unavailable(detail string, err error) error {
	f := fault.New(fault.KeychainUnavailable, opLook, err)
	f.Detail = detail
	return f
}

// probeSystem asks the Secret Service what it answers without a prompt: is there a bus,
// does the service run, is there a keyring, is it unlocked.
func probeSystem(ctx context.Context) error {
	conn, err := openBus(ctx)
	if err != nil {
		return err
	}
	defer conn.Close()

	var owned bool
	if err := conn.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.NameHasOwner", 0, secretsName).Store(
		&owned); err != nil {
		return unavailable("The message bus of this session does not answer.", err)
	}
	if !owned {
		var names []string
		if err := conn.BusObject().CallWithContext(ctx, "org.freedesktop.DBus.ListActivatableNames", 0).Store(
			&names); err != nil {
			return unavailable("The message bus of this session does not answer.", err)
		}
		if !slices.Contains(names, secretsName) {
			return unavailable("No keychain program is running, and none is installed.", nil)
		}
	}

	service := conn.Object(secretsName, secretsPath)
	collection, err := targetCollection(ctx, service)
	if err == nil && collection == "/" {
		return unavailable("The keychain program has no keyring to save in.", nil)
	}
	if err != nil {
		if !owned {
			// The bus started it for us, and it does not work: treat it as absent.
			return unavailable("The keychain program started but does not answer.", err)
		}
		return overOr(ctx, opLook, err)
	}
	var locked dbus.Variant
	err = conn.Object(secretsName, collection).CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", 0,
		"org.freedesktop.Secret.Collection", "Locked").Store(&locked)
	if err != nil {
		return overOr(ctx, opLook, err)
	}
	isLocked, ok := locked.Value().(bool)
	if !ok {
		return unavailable("", fmt.Errorf("property Locked is of type %s", locked.Signature()))
	}
	if isLocked {
		return &fault.Error{Kind: fault.KeychainLocked, Op: opLook}
	}
	return nil
}

// overNetwork reports whether a bus may lie on another computer. Secrets cross the bus
// unencrypted, which is acceptable on this computer alone.
func overNetwork(addresses string) bool {
	for address := range strings.SplitSeq(addresses, ";") {
		switch transport, _, _ := strings.Cut(address, ":"); transport {
		case "tcp", "nonce-tcp":
			return true
		}
	}
	return false
}

// overOr returns the context's error if it has ended: then the connection's error is
// only a consequence.
func overOr(ctx context.Context, op string, err error) error {
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return keychainFault(op, err)
}

// targetCollection is the keyring that the library will use: "login" if there
// is one, else the default; "/" if there is neither.
func targetCollection(ctx context.Context, service dbus.BusObject) (dbus.ObjectPath, error) {
	var collections dbus.Variant
	err := service.CallWithContext(ctx, "org.freedesktop.DBus.Properties.Get", 0, serviceIface, "Collections").Store(
		&collections)
	if err != nil {
		return "", err
	}
	paths, ok := collections.Value().([]dbus.ObjectPath)
	if !ok {
		// The library would panic on this.
		return "", fmt.Errorf("property Collections is of type %s", collections.Signature())
	}
	if slices.Contains(paths, loginPath) {
		return loginPath, nil
	}
	var path dbus.ObjectPath
	err = service.CallWithContext(ctx, serviceIface+".ReadAlias", 0, "default").Store(&path)
	return path, err
}

func busErrorName(err error) string {
	var value dbus.Error
	if errors.As(err, &value) {
		return value.Name
	}
	var pointer *dbus.Error
	if errors.As(err, &pointer) {
		return pointer.Name
	}
	if errors.Is(err, dbus.ErrClosed) {
		return "org.freedesktop.DBus.Error.Disconnected"
	}
	return ""
}
