package terminal

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
	"testing"
)

// person plays somebody with a browser, who picks an account.
func (n *tenant) person(account string) func(context.Context, string) error {
	return func(ctx context.Context, link string) error {
		jar, err := cookiejar.New(nil)
		if err != nil {
			return err
		}
		transport := &http.Transport{DisableKeepAlives: true}
		client := &http.Client{Jar: jar, Transport: transport}
		page, at, err := visit(ctx, client, http.MethodGet, link, nil)
		for range 4 {
			switch {
			case err != nil:
				return err
			case strings.Contains(page, `id="account-picker"`):
				page, at, err = submit(ctx, client, page, at, "account-picker", url.Values{"account": {account}})
			case strings.Contains(page, `id="consent-form"`):
				page, at, err = submit(ctx, client, page, at, "consent-form", url.Values{"decision": {"accept"}})
			case strings.Contains(page, `id="hiddenform"`):
				_, _, err = submit(ctx, client, page, at, "hiddenform", nil)
				return err
			default:
				return nil // an error page: the person looks at it and gives up
			}
		}
		return errors.New("the browser goes round in circles")
	}
}

func visit(ctx context.Context, client *http.Client, method, address string, form url.Values) (string, *url.URL, error) {
	r, err := http.NewRequestWithContext(ctx, method, address, strings.NewReader(form.Encode()))
	if err != nil {
		return "", nil, err
	}
	if method == http.MethodPost {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	res, err := client.Do(r)
	if err != nil {
		return "", nil, err
	}
	defer func() { _ = res.Body.Close() }()
	data, err := io.ReadAll(res.Body)
	return string(data), res.Request.URL, err
}

var (
	formPattern  = regexp.MustCompile(`(?s)<form([^>]*)>(.*?)</form>`)
	inputPattern = regexp.MustCompile(`(?s)<input([^>]*)>`)
	attribute    = regexp.MustCompile(`([a-zA-Z-]+)="([^"]*)"`)
)

func attributes(tag string) map[string]string {
	m := map[string]string{}
	for _, a := range attribute.FindAllStringSubmatch(tag, -1) {
		m[a[1]] = html.UnescapeString(a[2])
	}
	return m
}

func submit(ctx context.Context, client *http.Client, page string, at *url.URL, id string, set url.Values) (string, *url.URL, error) {
	for _, m := range formPattern.FindAllStringSubmatch(page, -1) {
		form := attributes(m[1])
		if form["id"] != id {
			continue
		}
		fields := url.Values{}
		for _, in := range inputPattern.FindAllStringSubmatch(m[2], -1) {
			if a := attributes(in[1]); a["type"] == "hidden" {
				fields.Set(a["name"], a["value"])
			}
		}
		for k, v := range set {
			fields[k] = v
		}
		to, err := at.Parse(form["action"])
		if err != nil {
			return "", nil, err
		}
		return visit(ctx, client, http.MethodPost, to.String(), fields)
	}
	return "", nil, fmt.Errorf("no form %s", id)
}

// conversation answers questions as they come: by a part of the question, in
// turn, and with Enter where nothing is prepared.
type conversation struct {
	t       *testing.T
	out     *bytes.Buffer
	answers map[string][]string
	asked   []string
}

func (c *conversation) Read(to []byte) (int, error) {
	said := c.out.String()
	question := said[strings.LastIndex(said, "\n")+1:]
	c.asked = append(c.asked, question)
	if len(c.asked) > 100 {
		return 0, io.EOF
	}
	answer := ""
	for part, list := range c.answers {
		if strings.Contains(question, part) && len(list) > 0 {
			answer, c.answers[part] = list[0], list[1:]
			break
		}
	}
	return copy(to, answer+"\n"), nil
}

func (d *desk) talk(t *testing.T, ctx context.Context, answers map[string][]string, args ...string) (code int, out, errOut string) {
	t.Helper()
	var o, e bytes.Buffer
	options := d.options("", &o, &e)
	options.In = &conversation{t: t, out: &o, answers: answers}
	code = Run(ctx, args, options)
	d.keepsSecrets(func(f string, a ...any) { t.Helper(); t.Errorf(f, a...) }, o.String()+e.String())
	return code, o.String(), e.String()
}

func has(t *testing.T, text string, parts ...string) {
	t.Helper()
	for _, part := range parts {
		if !strings.Contains(text, part) {
			t.Errorf("%q is missing in\n%s", part, text)
		}
	}
}
