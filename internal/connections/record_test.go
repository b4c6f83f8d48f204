package connections

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestAttentionAndOrder(t *testing.T) {
	at := func(d time.Duration) time.Time { return day.Add(d) }
	const d = 24 * time.Hour
	for _, c := range []struct {
		r    Record
		days int
		want Attention
	}{
		{Record{}, NoExpiry, None},
		{Record{SecretExpires: at(400 * d)}, 400, None},
		{Record{SecretExpires: at(31 * d)}, 31, None},
		{Record{SecretExpires: at(30 * d)}, 30, ExpiresSoon},
		// As a calendar counts: the 26th is five days after the 21st, whatever the hour.
		{Record{SecretExpires: time.Date(day.Year(), day.Month(), day.Day()+5, 0, 0, 0, 0, time.UTC)}, 5, ExpiresSoon},
		{Record{SecretExpires: time.Date(day.Year(), day.Month(), day.Day(), 0, 0, 0, 0, time.UTC)}, -1, Expired},
		{Record{SecretExpires: at(time.Hour)}, 0, ExpiresSoon},
		{Record{SecretExpires: at(0)}, 0, ExpiresSoon},
		{Record{SecretExpires: at(-time.Second)}, -1, Expired},
		{Record{SecretExpires: at(-d), LastResult: ResultFailed, SecretGone: true}, -1, Expired},
		{Record{SecretExpires: at(5 * d), LastResult: ResultFailed}, 5, TestFailed},
		{Record{LastResult: ResultFailed, SecretGone: true}, NoExpiry, SecretMissing},
		{Record{LastResult: ResultOK}, NoExpiry, None},
	} {
		if got := c.r.DaysLeft(day); got != c.days {
			t.Errorf("%+v: %d days", c.r, got)
		}
		lasts := map[int]string{NoExpiry: "", 0: "expires today", -1: "expired by its date"}
		want, named := lasts[c.days]
		if !named {
			want = fmt.Sprintf("%d days left", c.days)
		}
		if got := c.r.Lasts(day); got != want {
			t.Errorf("%+v: %q, want %q", c.r, got, want)
		}
		if got := c.r.Attention(day); got != c.want {
			t.Errorf("%+v: %v", c.r, got)
		}
	}

	records := []Record{
		{ID: "6", Name: "no end known"},
		{ID: "3", Name: "b", SecretExpires: at(100 * d)},
		{ID: "1", Name: "expired", SecretExpires: at(-d)},
		{ID: "4", Name: "B", SecretExpires: at(200 * d)},
		{ID: "s", Name: "expires soon", SecretExpires: at(20 * d)},
		{ID: "2", Name: "failed", SecretExpires: at(300 * d), LastResult: ResultFailed},
		{ID: "5", Name: "c", SecretExpires: at(200 * d)},
	}
	slices.SortFunc(records, order(day))
	var got string
	for _, r := range records {
		got += r.ID
	}
	if got != "12s3456" {
		t.Error(got)
	}
}

// K12 and K14: constant names that tell nothing.
func TestTheAccountTellsNothing(t *testing.T) {
	r := sample(0)
	if !regexp.MustCompile(`^v1/secret/[0-9a-f]{32}$`).MatchString(r.account()) {
		t.Error(r.account())
	}
	upper := r
	upper.TenantID, upper.ClientID = strings.ToUpper(r.TenantID), strings.ToUpper(r.ClientID)
	other := r
	other.CloudID = "china"
	if upper.account() != r.account() || other.account() == r.account() {
		t.Error("the account is not that of the registration")
	}
	// Neither may ever change: the items of older versions would be lost.
	if service != "Entrada" ||
		(Record{CloudID: "global", TenantID: "t",
			ClientID: "c"}).account() != "v1/secret/2b3ae4f169022c59df3039b2c191750a" {
		t.Error(service, (Record{CloudID: "global", TenantID: "t", ClientID: "c"}).account())
	}
}
