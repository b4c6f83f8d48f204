package identity

import (
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"entrada/internal/entra"
	"entrada/internal/practice/directory"
)

func (st *stand) refreshWith(token string) *httptest.ResponseRecorder {
	return st.post("/contoso.example/oauth2/v2.0/token",
		url.Values{"grant_type": {"refresh_token"}, "client_id": {st.app.AppID}, "refresh_token": {token}})
}

func TestRefreshTokensOutlastARestart(t *testing.T) {
	st := newStand(t)
	told := 0
	st.refresh.changed = func() { told++ }
	got := refreshToken.FindStringSubmatch(st.redeem(st.code(t)).Body.String())
	saved := st.Save()
	if got == nil || told != 1 || len(saved) != 1 || saved[0].SHA256 != hashed(got[1]) || saved[0].Prefix != "" {
		t.Fatalf("told %d times: %+v", told, saved)
	}
	restart := func(list []Saved) { st.Server = New(st.Config); st.Restore(list) }
	restart(nil)
	if w := st.refreshWith(got[1]); !strings.Contains(w.Body.String(), "AADSTS70000") {
		t.Errorf("forgotten: %s", w.Body)
	}
	restart(saved)
	if w := st.refreshWith(got[1]); w.Code != http.StatusOK ||
		!strings.Contains(w.Body.String(), `"scope":"Mail.Send openid"`) {
		t.Errorf("restored: %s", w.Body)
	}
	if w := st.refreshWith(saved[0].SHA256); w.Code == http.StatusOK {
		t.Error("the hash is taken for the token")
	}
	// It grows no younger by that.
	st.now = st.now.Add(refreshLife + time.Second)
	restart(saved)
	if w := st.refreshWith(got[1]); !strings.Contains(w.Body.String(), "AADSTS700082") {
		t.Errorf("after 90 days: %s", w.Body)
	}
	st.now = st.now.Add(refreshKept)
	if restart(saved); len(st.Save()) != 0 {
		t.Error("it stays for ever")
	}
}

func TestOnlyRefreshTokensWithAMeaningAreTakenUp(t *testing.T) {
	st := newStand(t)
	megan, _ := st.Directory.Account("megan@contoso.example")
	good := Saved{TenantID: megan.TenantID, UserID: megan.ID, ClientID: st.app.AppID, Resource: directory.GraphAppID,
		Issued: st.now}
	var list []Saved
	for _, change := range []func(*Saved){
		func(s *Saved) { s.UserID = entra.NewGUID() }, func(s *Saved) { s.TenantID = entra.NewGUID() },
		func(s *Saved) { s.ClientID = entra.NewGUID() },
	} {
		bad := good
		change(&bad)
		bad.SHA256 = hashed(entra.NewGUID())
		list = append(list, bad)
	}
	if st.Restore(list); len(st.Save()) != 0 {
		t.Errorf("%+v", st.Save())
	}
	list = nil
	for i := range mostSaved + 5 {
		one := good
		one.SHA256, one.Issued = hashed(entra.NewGUID()), st.now.Add(time.Duration(i-mostSaved-5)*time.Second)
		list = append(list, one)
	}
	st.Restore(list)
	if got := st.Save(); len(got) != mostSaved || got[0].SHA256 != list[5].SHA256 {
		t.Errorf("%d are saved; the oldest should go", len(got))
	}
}
