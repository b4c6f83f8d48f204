package terminal

import (
	"context"
	"strings"

	"github.com/spf13/pflag"

	"entrada/internal/connections"
	"entrada/internal/entra"
	"entrada/internal/fault"
	"entrada/internal/secret"
)

// givenValues are a connection that is not saved: what a helpdesk was told. The
// secret comes through an open file, for arguments can be seen by others.
type givenValues struct {
	organisation string
	clientID     string
	secretFD     int
}

func (g *givenValues) flags(f *pflag.FlagSet) {
	f.StringVar(&g.organisation, "tenant", "",
		"test values that are not saved: the tenant ID, a domain or an e-mail `ADDRESS`")
	f.StringVar(&g.clientID, "client-id", "", "with --tenant: the application (client) `ID`")
	f.IntVar(&g.secretFD, "secret-fd", noFD,
		"with --tenant: read the client secret's value from this open file `N`; 0 is the standard input")
}

func (g givenValues) any() bool {
	return g.organisation != "" || g.clientID != "" || g.secretFD != noFD
}

// given judges the values as the wizard does. The secret is empty if none was
// given; then it is not tested.
func (p *program) given(ctx context.Context, g givenValues) (connections.Record, secret.Value, error) {
	if g.organisation == "" || g.clientID == "" {
		return connections.Record{}, secret.Value{},
			usage("Values that are not saved need both --tenant and --client-id.")
	}
	organisation, err := entra.ParseOrganisation(g.organisation)
	if err != nil {
		return connections.Record{}, secret.Value{}, usageError{"--tenant: " + fault.Sentence(err)}
	}
	id := entra.CheckClientID(g.clientID, entra.Known{})
	if id.State == entra.Wrong {
		return connections.Record{}, secret.Value{},
			usageError{"--client-id: " + strings.ReplaceAll(id.Sentence, "**", "")}
	}
	r := connections.Record{Name: organisation, TenantID: organisation, ClientID: id.Clean}
	if g.secretFD == noFD {
		return r, secret.Value{}, nil
	}
	text, err := p.secretFrom(ctx, g.secretFD, "--secret-fd", "secret")
	if err != nil {
		return r, secret.Value{}, err
	}
	value := entra.CheckSecretValue(text.Reveal(), entra.Known{ClientID: id.Clean})
	if value.State == entra.Wrong {
		return r, secret.Value{}, usageError{"--secret-fd: " + strings.ReplaceAll(value.Sentence, "**", "")}
	}
	return r, secret.New(value.Clean), nil
}
