// Package visitor is a browser with somebody in front of it who knows the
// practice organisation's sign-in pages: for tests that need a person. It sees
// what a browser sees, the pages, and must not reach into the organisation.
package visitor

import (
	"context"
	"errors"
	"html"
	"io"
	"net/http"
	"net/http/cookiejar"
	"net/url"
	"regexp"
	"strings"
)

// Visitor signs in as somebody.
type Visitor struct {
	Account string // the address chosen in the account picker
	Decline bool   // says no on the consent page
	Code    string // entered where a device's code is asked for

	// Saw, if set, is given the last page, such as one with a refusal that
	// Microsoft shows in the browser alone.
	Saw func(page string)
}

var (
	formTag  = regexp.MustCompile(`(?s)<form method="post"(?: action="([^"]*)")?[^>]*id="([^"]*)">(.*?)</form>`)
	inputTag = regexp.MustCompile(`<input type="hidden" name="([^"]*)" value="([^"]*)">`)
)

// pagesAtMost is more than any sign-in has.
const pagesAtMost = 6

// Open opens a sign-in link and goes through its pages to the end. It has the
// form of a signin.Opener.
func (v Visitor) Open(ctx context.Context, link string) error {
	jar, _ := cookiejar.New(nil) // only options can make it fail
	browser := &http.Client{Jar: jar, Transport: &http.Transport{DisableKeepAlives: true}}
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, link, nil)
	if err != nil {
		return err
	}
	for range pagesAtMost {
		resp, err := browser.Do(req)
		if err != nil {
			return err
		}
		page, err := io.ReadAll(resp.Body)
		_ = resp.Body.Close()
		if err != nil {
			return err
		}
		m := formTag.FindSubmatch(page)
		if m == nil { // the last page
			if v.Saw != nil {
				v.Saw(string(page))
			}
			return nil
		}
		if req, err = v.answer(ctx, resp.Request.URL, m); err != nil {
			return err
		}
	}
	return errors.New("the pages have no end")
}

// answer fills in a form: its address, its name and what is inside.
func (v Visitor) answer(ctx context.Context, page *url.URL, m [][]byte) (*http.Request, error) {
	form := url.Values{}
	for _, in := range inputTag.FindAllSubmatch(m[3], -1) {
		form.Set(html.UnescapeString(string(in[1])), html.UnescapeString(string(in[2])))
	}
	switch string(m[2]) {
	case "account-picker":
		form.Set("account", v.Account)
	case "device-form":
		form.Set("otc", v.Code)
	case "consent-form":
		form.Set("decision", map[bool]string{true: "cancel", false: "accept"}[v.Decline])
	}
	to, err := page.Parse(html.UnescapeString(string(m[1])))
	if err != nil {
		return nil, err
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to.String(), strings.NewReader(form.Encode()))
	if err != nil {
		return nil, err
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	return req, nil
}
