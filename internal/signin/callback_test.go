package signin

import (
	"bufio"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"entrada/internal/fault"
)

// say sends one request as it stands and reads the answer. In the text, {port}
// and {host} stand for the port's number and a right Host.
func (d door) say(t *testing.T, text string) *http.Response {
	t.Helper()
	c, err := net.Dial("tcp4", "127.0.0.1:"+d.redirect.Port())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	_ = c.SetDeadline(time.Now().Add(20 * time.Second))
	text = strings.NewReplacer("{port}", d.redirect.Port(), "{host}", "localhost:"+d.redirect.Port(), "\n",
		"\r\n").Replace(text)
	go func() { _, _ = io.WriteString(c, text) }() // the answer may come before all is sent
	method, _, _ := strings.Cut(text, " ")
	resp, err := http.ReadResponse(bufio.NewReader(c), &http.Request{Method: method})
	if err != nil {
		t.Errorf("%.60q: %v", text, err)
		return nil
	}
	body, _ := io.ReadAll(resp.Body)
	_ = resp.Body.Close()
	resp.Body = io.NopCloser(bytes.NewReader(body))
	return resp
}

// formRequest is a post of the body with extra header lines.
func formRequest(body string, header ...string) string {
	return fmt.Sprintf(
		"POST /signin/callback HTTP/1.1\nHost: {host}\nContent-Type: "+
			"application/x-www-form-urlencoded\nContent-Length: %d\n%s\n%s",
		len(body), strings.Join(append(header, ""), "\n"), body)
}

func get(target string, header ...string) string {
	return "GET " + target + " HTTP/1.1\nHost: {host}\n" + strings.Join(append(header, ""), "\n") + "\n"
}

// during runs the test while a sign-in waits, and then signs in: whatever was
// done before, the good answer must still count.
func during(t *testing.T, f *fakeEntra, l limits, test func(door)) *diary {
	t.Helper()
	d := &diary{}
	_, err := l.interactive(t.Context(), f.request(), f.visit(func(door door) {
		test(door)
		if status, page := door.post(t, door.form()); status != 200 || !bytes.Equal(page, pageReceived.text) {
			t.Errorf("the good answer got %d", status)
		}
	}), d.write)
	if err != nil {
		t.Errorf("the sign-in failed: %v", err)
	}
	if f.calls() != 1 {
		t.Errorf("%d token calls", f.calls())
	}
	d.portIsClosed(t)
	return d
}

func TestStrangeRequestsDoNotEndASignIn(t *testing.T) {
	f := newFake(t)
	var strange int
	d := during(t, f, standard(), func(d door) {
		good := d.form().Encode()
		state := url.QueryEscape(d.link.Get("state"))
		var zipped bytes.Buffer
		z := gzip.NewWriter(&zipped)
		_, _ = io.WriteString(z, good)
		_ = z.Close()
		prefetch := func(header string) string { return formRequest(good, header) }
		for _, c := range []struct {
			name   string
			text   string
			status int
		}{
			{"foreign host", strings.Replace(formRequest(good), "{host}", "evil.example:{port}", 1), 421},
			{"host that looks near", strings.Replace(formRequest(good), "{host}", "localhost.evil:{port}", 1), 421},
			{"host without port", strings.Replace(formRequest(good), "{host}", "localhost", 1), 421},
			{"host with another port", strings.Replace(formRequest(good), "{host}", "localhost:1", 1), 421},
			{"host by another address", strings.Replace(formRequest(good), "{host}", "127.0.0.2:{port}", 1), 421},
			{"host in the request line",
				strings.Replace(formRequest(good), "/signin", "http://evil.example/signin", 1), 421},
			{"no host", "GET / HTTP/1.0\n\n", 421},
			{"no host, HTTP/1.1", "GET / HTTP/1.1\n\n", 400},
			{"not HTTP", "EHLO there\n\n", 400},

			{"prefetch", prefetch("Sec-Purpose: prefetch;prerender"), 204},
			{"prefetch, older", prefetch("Purpose: prefetch"), 204},
			{"prefetch, Firefox", prefetch("X-Moz: prefetch"), 204},

			{"script", formRequest(good, "Sec-Fetch-Mode: cors"), 403},
			{"image", formRequest(good, "Sec-Fetch-Mode: no-cors"), 403},
			{"web socket", get("/signin/callback", "Sec-Fetch-Mode: websocket", "Upgrade: websocket"), 403},

			{"favicon", get("/favicon.ico"), 404},
			{"touch icon", get("/apple-touch-icon.png"), 404},
			{"root", get("/"), 404},
			{"probe", get("/.well-known/appspecific/com.chrome.devtools.json"), 404},
			{"upper-case path", strings.Replace(formRequest(good), "/signin/", "/Signin/", 1), 404},
			{"trailing slash", strings.Replace(formRequest(good), "/callback ", "/callback/ ", 1), 404},
			{"encoded path", strings.Replace(formRequest(good), "/signin/callback", "/signin%2Fcallback", 1), 404},
			{"all of the server", "OPTIONS * HTTP/1.1\nHost: {host}\n\n", 404},
			{"tunnel", "CONNECT {host} HTTP/1.1\nHost: {host}\n\n", 404},

			{"HEAD", strings.Replace(get("/signin/callback"), "GET", "HEAD", 1), 405},
			{"PUT", strings.Replace(formRequest(good), "POST", "PUT", 1), 405},
			{"preflight",
				strings.Replace(
					get("/signin/callback", "Origin: https://evil.example", "Access-Control-Request-Method: POST",
						"Access-Control-Request-Private-Network: true"), "GET", "OPTIONS", 1), 405},
			{"answer in the address", get("/signin/callback?" + good), 405},
			{"error in the address", get("/signin/callback?error=access_denied&state=" + state), 405},

			{"plain text", strings.Replace(formRequest(good), "application/x-www-form-urlencoded", "text/plain", 1),
				415},
			{"multipart",
				strings.Replace(formRequest(good), "application/x-www-form-urlencoded",
					"multipart/form-data; boundary=b", 1), 415},
			{"JSON", strings.Replace(formRequest(good), "application/x-www-form-urlencoded", "application/json", 1),
				415},
			{"no type", strings.Replace(formRequest(good), "Content-Type: application/x-www-form-urlencoded\n", "", 1),
				415},
			{"compressed", formRequest(zipped.String(), "Content-Encoding: gzip"), 415},

			{"10 MB promised",
				"POST /signin/callback HTTP/1.1\nHost: {host}\nContent-Type: " +
					"application/x-www-form-urlencoded\nContent-Length: 10485760\n\n", 413},
			{"too long in pieces",
				"POST /signin/callback HTTP/1.1\nHost: {host}\nContent-Type: " +
					"application/x-www-form-urlencoded\nTransfer-Encoding: chunked\n\n" +
					"10001\n" + strings.Repeat("a", 0x10001) + "\n0\n\n", 413},
			{"long header", formRequest(good, "Cookie: "+strings.Repeat("c", 64<<10)), 431},

			{"bad escapes", formRequest(good + "&x=%zz"), 400},
			{"semicolons", formRequest(good + ";x=1"), 400},
			{"empty", formRequest(""), 400},
			{"bad and good state", formRequest("state=bad&" + good), 400},
			{"good and bad state", formRequest(good + "&state=bad"), 400},
			{"two codes", formRequest(good + "&code=other"), 400},
			{"code and error", formRequest(good + "&error=access_denied"), 400},
			{"two errors", formRequest("error=a&error=b&state=" + state), 400},
			{"state in the address", strings.Replace(formRequest("code=c"), "/callback", "/callback?state="+state, 1),
				400},
			{"query and body", strings.Replace(formRequest(good), "/callback", "/callback?state=bad", 1), 400},
			{"no state", formRequest("code=c"), 400},
			{"empty state", formRequest("state=&code=c"), 400},
			{"upper-case state", formRequest("code=c&state=" + strings.ToUpper(state)), 400},
			{"cut state", formRequest("code=c&state=" + state[:len(state)-1]), 400},
			{"long state", formRequest("code=c&state=" + state + "a"), 400},
			{"old state", formRequest("code=c&state=" + newAttempt().state), 400},
			{"error without state", formRequest("error=access_denied&error_description=" + canary), 400},
			{"error with wrong state", formRequest("error=access_denied&state=wrong"), 400},
			{"neither code nor error", formRequest("state=" + state), 400},
			{"empty code", formRequest("code=&state=" + state), 400},
			{"code with a line break", formRequest("code=a%0d%0ab&state=" + state), 400},
			{"another issuer", formRequest(good + "&iss=https%3A%2F%2Fevil.example"), 400},
			{"another tenant's issuer", formRequest(good + "&iss=" + url.QueryEscape(f.cloud().Issuer(tenantB))), 400},
			{"empty issuer", formRequest(good + "&iss="), 400},
		} {
			resp := d.say(t, c.text)
			if resp == nil {
				continue
			}
			if resp.StatusCode != c.status {
				t.Errorf("%s: status %d, want %d", c.name, resp.StatusCode, c.status)
			}
			page, _ := io.ReadAll(resp.Body)
			byNetHTTP := c.status == 431 || strings.Contains(c.name, "HTTP") // before we are asked
			switch {
			case byNetHTTP:
			case c.status == 204 || c.name == "HEAD":
				if len(page) != 0 {
					t.Errorf("%s: a page came", c.name)
				}
			case !bytes.Equal(page, pageNotCompleted.text):
				t.Errorf("%s: the page is %q", c.name, page)
			}
			if !byNetHTTP {
				checkHeader(t, c.name, resp)
				if c.status >= 400 {
					strange++
				}
			}
			for name := range resp.Header {
				if strings.HasPrefix(name, "Access-Control-") {
					t.Errorf("%s: %s was sent", c.name, name)
				}
			}
		}
	})
	last := d.pages[len(d.pages)-1]
	if last.Strange != strange || !last.InAddress {
		t.Errorf("%d strange requests were counted, want %d; in address %v", last.Strange, strange, last.InAddress)
	}
}

func checkHeader(t *testing.T, name string, resp *http.Response) {
	t.Helper()
	want := map[string]string{
		"Cache-Control": "no-store", "Referrer-Policy": "no-referrer", "X-Content-Type-Options": "nosniff",
		"X-Frame-Options": "DENY", "Content-Security-Policy": pagePolicy,
		"Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
	}
	if resp.StatusCode != 204 {
		want["Content-Type"] = "text/html; charset=utf-8"
	}
	for header, value := range want {
		if got := resp.Header.Get(header); got != value {
			t.Errorf("%s: %s: %q", name, header, got)
		}
	}
	// Nothing else: what a header repeats of a request, a browser would keep.
	for header := range resp.Header {
		if _, known := want[header]; !known && !slices.Contains([]string{"Allow", "Content-Length", "Date"}, header) {
			t.Errorf("%s: the header %s: %q", name, header, resp.Header.Get(header))
		}
	}
	if !resp.Close {
		t.Errorf("%s: the connection stays open", name)
	}
}

func TestManyForgedAnswers(t *testing.T) {
	f := newFake(t)
	d := during(t, f, standard(), func(d door) {
		for i := range 100 {
			if status, _ := d.post(t, d.form("state", strings.Repeat("x", i))); status != 400 {
				t.Errorf("status %d", status)
			}
		}
	})
	if last := d.pages[len(d.pages)-1]; last.Strange != 100 {
		t.Errorf("%d strange requests were counted", last.Strange)
	}
}

// The only text that strangers put into an answer stays out of the browser.
func TestPageIsConstant(t *testing.T) {
	hostile := []string{"<script>alert(1)</script>", "</style><script>", "\x00\x1b]0;x\a", "{{.}}", "%s%n", "{title}",
		"\u202egnp.exe"}
	for i := range 50 {
		text := hostile[i%len(hostile)] + strconv.Itoa(i) + strings.Repeat("A", i*100)
		f := newFake(t)
		_, err := Interactive(t.Context(), f.request(), f.visit(func(d door) {
			form := d.form("error", "access_denied", "error_description", text)
			form.Del("code")
			if status, page := d.post(t, form); status != 200 || !bytes.Equal(page, pageNotCompleted.text) {
				t.Errorf("status %d, page %s", status, page)
			}
		}), nil)
		var got *fault.Error
		if !errors.As(err, &got) || got.Code != "access_denied" ||
			strings.ContainsAny(got.Detail, "\x00\x1b\a\u202e") || len(got.Detail) > 700 {
			t.Errorf("%v", err)
		}
	}
}

func TestPages(t *testing.T) {
	style := regexp.MustCompile(`(?s)<style>(.*?)</style>`)
	for _, p := range []*page{pageReceived, pageNotCompleted} {
		text := string(p.text)
		if m := style.FindAllStringSubmatch(text, -1); len(m) != 1 || m[0][1] != pageStyle {
			t.Error("the style is not the one of the policy's hash")
		}
		for _, bad := range []string{"<script", "style=", "src=", "href=", "{title}", "{text}", "url(", "success"} {
			if strings.Contains(strings.ToLower(text), bad) {
				t.Errorf("the page holds %q", bad)
			}
		}
		for _, good := range []string{"Go back to Entrada", "Never send this page or its address to anyone.",
			"prefers-color-scheme:dark"} {
			if !strings.Contains(text, good) {
				t.Errorf("the page lacks %q", good)
			}
		}
	}
}

func TestOneAnswerCounts(t *testing.T) {
	f := newFake(t)
	var accepted, gone, turnedAway atomic.Int32
	_, err := Interactive(t.Context(), f.request(), f.visit(func(d door) {
		var posts sync.WaitGroup
		for range 50 {
			posts.Go(func() {
				client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
				resp, err := client.PostForm(d.redirect.String(), d.form())
				if err != nil { // the port had closed by then
					turnedAway.Add(1)
					return
				}
				defer resp.Body.Close()
				if page, err := io.ReadAll(resp.Body); err == nil && !bytes.Equal(page, pageReceived.text) {
					t.Error("a page of another answer")
				}
				switch resp.StatusCode {
				case 200:
					accepted.Add(1)
				case 410:
					gone.Add(1)
				default:
					t.Errorf("status %d", resp.StatusCode)
				}
			})
		}
		posts.Wait()
	}), nil)
	if err != nil {
		t.Fatal(err)
	}
	f.visits.Wait()
	if accepted.Load() != 1 || f.calls() != 1 || accepted.Load()+gone.Load()+turnedAway.Load() != 50 {
		t.Errorf("%d accepted, %d gone, %d turned away, %d token calls", accepted.Load(), gone.Load(),
			turnedAway.Load(), f.calls())
	}
}

// As [http.Handler] alone, where no port closes in between.
func TestReplayIsGone(t *testing.T) {
	for _, form := range []url.Values{{"code": {"c"}}, {"error": {"e"}}} {
		form.Set("state", "state")
		c := newCallback("state", 1, "", &authority{})
		want := pageReceived
		if form.Has("error") {
			want = pageNotCompleted
		}
		for i, status := range []int{200, 410, 410} {
			if got, page := c.take(form); got != status || page != want {
				t.Errorf("try %d: status %d", i, got)
			}
		}
		if len(c.answer) != 1 || c.strange.Load() != 0 {
			t.Errorf("%d answers, %d strange", len(c.answer), c.strange.Load())
		}
	}
}

func TestIssuerMustComeWhenPromised(t *testing.T) {
	f := newFake(t)
	f.sayPromise = true
	_, err := Interactive(t.Context(), f.request(), f.visit(func(d door) {
		if status, _ := d.post(t, d.form()); status != 400 {
			t.Errorf("without iss: status %d", status)
		}
		if status, _ := d.post(t, d.form("iss", f.cloud().Issuer(tenantA))); status != 200 {
			t.Errorf("with iss: status %d", status)
		}
	}), nil)
	if err != nil {
		t.Fatal(err)
	}
}

// L11: an answer in the address is told of where it is Microsoft's, which the state
// shows; any page can send a browser here with a code.
func TestOnlyMicrosoftsAnswerInTheAddressIsToldOf(t *testing.T) {
	for query, want := range map[string]bool{
		"code=x&state=right": true, "error=x&state=right": true, "code=x": false, "code=x&state=wrong": false,
		"state=right": false, "code=x&state=": false, "code=x&state=wrong&state=right": false, "%zz": false,
	} {
		door := newCallback("right", 1, "", &authority{})
		r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, "http://localhost:1/", nil)
		r.URL.RawQuery = query
		r.Header.Set("Sec-Fetch-Mode", "navigate")
		door.ServeHTTP(httptest.NewRecorder(), r)
		if door.inAddress.Load() != want || len(door.answer) != 0 {
			t.Errorf("%q is told of: %t", query, !want)
		}
	}
}
