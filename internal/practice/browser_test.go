package practice_test

import (
	"encoding/json"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"entrada/internal/practice"
)

// browser is a person with a browser that runs no scripts.
type browser struct {
	t      *testing.T
	client *http.Client
	at     *url.URL
	status int
	body   string
	header http.Header
}

func newBrowser(t *testing.T) *browser {
	t.Helper()
	jar, err := cookiejar.New(nil)
	if err != nil {
		t.Fatal(err)
	}
	transport := http.DefaultTransport.(*http.Transport).Clone()
	t.Cleanup(transport.CloseIdleConnections)
	b := &browser{t: t}
	b.client = &http.Client{Jar: jar, Transport: transport,
		CheckRedirect: func(r *http.Request, _ []*http.Request) error {
			// The app's own address is where the test takes over.
			if r.URL.Host == appHost {
				return http.ErrUseLastResponse
			}
			return nil
		}}
	return b
}

// appHost is where nobody listens: the app under test.
const appHost = "localhost:1234"

func (b *browser) do(r *http.Request) {
	b.t.Helper()
	res, err := b.client.Do(r)
	if err != nil {
		b.t.Fatal(err)
	}
	defer res.Body.Close()
	body, err := io.ReadAll(res.Body)
	if err != nil {
		b.t.Fatal(err)
	}
	b.at, b.status, b.header = res.Request.URL, res.StatusCode, res.Header
	b.body = styles.ReplaceAllString(string(body), "")
}

func (b *browser) open(address string) {
	b.t.Helper()
	r, err := http.NewRequest(http.MethodGet, address, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	b.do(r)
}

type form struct {
	action string
	method string
	fields url.Values
}

var (
	styles   = regexp.MustCompile(`(?s)<style>.*?</style>`) // noise in failures
	formTag  = regexp.MustCompile(`(?s)<form([^>]*)>(.*?)</form>`)
	fieldTag = regexp.MustCompile(`(?s)<(?:input|select|textarea)([^>]*)>`)
	option   = regexp.MustCompile(`(?s)<select([^>]*)>(.*?)</select>`)
	picked   = regexp.MustCompile(`<option([^>]*)>`)
	attr     = regexp.MustCompile(`([a-zA-Z-]+)(?:="([^"]*)")?`)
)

func attrs(tag string) map[string]string {
	out := map[string]string{}
	for _, m := range attr.FindAllStringSubmatch(tag, -1) {
		out[m[1]] = html.UnescapeString(m[2])
	}
	return out
}

// form finds a form of the page by its id.
func (b *browser) form(id string) form {
	b.t.Helper()
	for _, m := range formTag.FindAllStringSubmatch(b.body, -1) {
		a := attrs(m[1])
		if a["id"] != id {
			continue
		}
		f := form{a["action"], strings.ToUpper(a["method"]), url.Values{}}
		for _, in := range fieldTag.FindAllStringSubmatch(m[2], -1) {
			i := attrs(in[1])
			_, checked := i["checked"]
			_, disabled := i["disabled"]
			if i["name"] == "" || disabled || (i["type"] == "checkbox" || i["type"] == "radio") && !checked {
				continue
			}
			f.fields.Add(i["name"], i["value"])
		}
		for _, s := range option.FindAllStringSubmatch(m[2], -1) {
			for _, o := range picked.FindAllStringSubmatch(s[2], -1) {
				v := attrs(o[1])
				if _, selected := v["selected"]; selected || f.fields.Get(attrs(s[1])["name"]) == "" {
					f.fields.Set(attrs(s[1])["name"], v["value"])
				}
			}
		}
		return f
	}
	b.t.Fatalf("no form %q on %s:\n%s", id, b.at, b.body)
	return form{}
}

// submit sends a form with some fields changed.
func (b *browser) submit(id string, set map[string]string) {
	b.t.Helper()
	f := b.form(id)
	for k, v := range set {
		f.fields.Set(k, v)
	}
	to, err := b.at.Parse(f.action)
	if err != nil {
		b.t.Fatal(err)
	}
	var r *http.Request
	if f.method == "POST" {
		r, err = http.NewRequest(http.MethodPost, to.String(), strings.NewReader(f.fields.Encode()))
		if err == nil {
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		}
	} else {
		to.RawQuery = f.fields.Encode()
		r, err = http.NewRequest(http.MethodGet, to.String(), nil)
	}
	if err != nil {
		b.t.Fatal(err)
	}
	b.do(r)
}

// sees fails unless the page has all the texts.
func (b *browser) sees(texts ...string) {
	b.t.Helper()
	for _, text := range texts {
		if !strings.Contains(html.UnescapeString(b.body), text) {
			b.t.Fatalf("page %s lacks %q:\n%s", b.at, text, b.body)
		}
	}
}

func (b *browser) element(id string) string {
	b.t.Helper()
	m := regexp.MustCompile(`(?s)<[^>]* id="` + regexp.QuoteMeta(id) + `"[^>]*>(.*?)<`).FindStringSubmatch(b.body)
	if m == nil {
		b.t.Fatalf("no element %q on %s:\n%s", id, b.at, b.body)
	}
	return html.UnescapeString(m[1])
}

// start runs a practice tenant for one test.
func start(t *testing.T, o practice.Options) *practice.Server {
	t.Helper()
	s, err := practice.Start(t.Context(), o)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := s.Close(); err != nil {
			t.Error(err)
		}
	})
	return s
}

// answer is a JSON answer.
type answer struct {
	status int
	header http.Header
	raw    string
	json   map[string]any
}

func send(t *testing.T, method, address, token string, body any, header ...string) answer {
	t.Helper()
	var in io.Reader
	if body != nil {
		data, err := json.Marshal(body)
		if err != nil {
			t.Fatal(err)
		}
		in = strings.NewReader(string(data))
	}
	r, err := http.NewRequestWithContext(t.Context(), method, address, in)
	if err != nil {
		t.Fatal(err)
	}
	if body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
	}
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return receive(t, r)
}

func receive(t *testing.T, r *http.Request) answer {
	t.Helper()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	res, err := client.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer res.Body.Close()
	data, err := io.ReadAll(res.Body)
	if err != nil {
		t.Fatal(err)
	}
	a := answer{status: res.StatusCode, header: res.Header, raw: string(data)}
	if strings.HasPrefix(res.Header.Get("Content-Type"), "application/json") {
		if err := json.Unmarshal(data, &a.json); err != nil {
			t.Fatalf("%v: %s", err, data)
		}
	}
	return a
}

// token asks the token endpoint.
func token(t *testing.T, s *practice.Server, tenant string, v url.Values, header ...string) answer {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, s.Cloud().TokenURL(tenant),
		strings.NewReader(v.Encode()))
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for i := 0; i+1 < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	return receive(t, r)
}

// code is the AADSTS number of a refusal, 0 if there is none.
func (a answer) code() int {
	codes, _ := a.json["error_codes"].([]any)
	if len(codes) == 0 {
		return 0
	}
	n, _ := codes[0].(float64)
	return int(n)
}

// graphCode is the code of a Graph error, "" if there is none.
func (a answer) graphCode() string {
	e, _ := a.json["error"].(map[string]any)
	c, _ := e["code"].(string)
	return c
}

func (a answer) text(name string) string { s, _ := a.json[name].(string); return s }
