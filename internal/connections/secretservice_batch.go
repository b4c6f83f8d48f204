//go:build linux || netbsd || openbsd

package connections

import (
	"context"
	"maps"
	"slices"

	"github.com/godbus/dbus/v5"
	ss "github.com/zalando/go-keyring/secret_service"
)

const collectionIface = "org.freedesktop.Secret.Collection"

// readMany reads many items in few round trips; the library needs seven for each. It
// searches for all at once, and gets all secrets in one answer. It finds the items as the
// library does. It unlocks nothing, so it never prompts. It leaves out locked and missing
// items
// (specifications.freedesktop.org/secret-service).
func readMany(ctx context.Context, accounts []string) (map[string]string, error) {
	conn, err := openBus(ctx)
	if err != nil {
		return nil, err
	}
	defer conn.Close() // which ends the session below as well
	daemon := conn.Object(secretsName, secretsPath)
	path, err := targetCollection(ctx, daemon)
	if err != nil || path == "/" {
		return nil, err
	}
	collection := conn.Object(secretsName, path)
	var searches []*dbus.Call
	for _, account := range accounts {
		attributes := map[string]string{"service": service, "username": account}
		searches = append(
			searches, collection.GoWithContext(
				ctx, collectionIface+".SearchItems", 0, make(chan *dbus.Call, 1), attributes))
	}
	found := map[dbus.ObjectPath]string{}
	for i, search := range searches {
		var items []dbus.ObjectPath
		if err := (<-search.Done).Store(&items); err != nil {
			return nil, err
		}
		if len(items) > 0 {
			found[items[0]] = accounts[i]
		}
	}
	var nothing dbus.Variant
	var session dbus.ObjectPath
	if err := daemon.CallWithContext(ctx, serviceIface+".OpenSession", 0, "plain", dbus.MakeVariant("")).Store(
		&nothing, &session); err != nil {
		return nil, err
	}
	var secrets map[dbus.ObjectPath]ss.Secret
	if err := daemon.CallWithContext(
		ctx, serviceIface+".GetSecrets", 0, slices.Collect(maps.Keys(found)), session).Store(&secrets); err != nil {
		return nil, err
	}
	texts := make(map[string]string, len(secrets))
	for item, s := range secrets {
		if account, ours := found[item]; ours {
			texts[account] = string(s.Value)
		}
	}
	return texts, nil
}
