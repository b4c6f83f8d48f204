//go:build bench && linux

package bench

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"entrada/internal/entra"
	"entrada/internal/entra/entratest"
)

const (
	pastedBudget = time.Millisecond
	pasteTimes   = 11
)

// measurePasted checks what people paste: the right value, the wrong one of two,
// what was copied along with it; and, in a row of its own, far too much.
func measurePasted(t *testing.T, tb *table) {
	usual := []string{
		entratest.ClientID, entratest.SecretID, entratest.TenantID, entratest.Secret, "",
		"  {" + strings.ToUpper(entratest.ClientID) + "}\u200b\r\n",
		"Application (client) ID: " + entratest.ClientID, "***************************",
		"https://portal.azure.com/#view/" + entratest.ClientID,
		strings.Repeat("A mail, copied as a whole by mistake. ", 50),
	}
	tooMuch := []string{strings.Repeat("A page, copied as a whole by mistake. ", 2000),
		strings.Repeat("\u200b\u00a0", 20_000), strings.Repeat("a", 100_000)}
	measurePaste(tb, "checking pasted values", usual)
	measurePaste(tb, "checking a paste of 80 to 100 kB", tooMuch)
}

func measurePaste(tb *table, what string, texts []string) {
	known := entra.Known{ClientID: entratest.ClientID, TenantID: entratest.TenantID, SecretID: entratest.SecretID}
	slowest, where := time.Duration(0), ""
	for name, check := range map[string]func(string, entra.Known) entra.Verdict{
		"client ID": entra.CheckClientID, "secret value": entra.CheckSecretValue, "secret ID": entra.CheckSecretID,
	} {
		for _, text := range texts {
			took := repeated(pasteTimes, func() {}, func() func() { return func() { check(text, known) } })
			if took > slowest {
				slowest, where = took, fmt.Sprintf("%d bytes as the %s", len(text), name)
			}
		}
	}
	tb.add(row{what, "≤ " + ms(pastedBudget), ms(slowest), slowest <= pastedBudget,
		fmt.Sprintf("the slowest: %s; median of %d", where, pasteTimes)})
}
