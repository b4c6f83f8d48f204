package signin

import (
	"crypto/sha256"
	"encoding/base64"
	"net/http"
	"strings"
)

// page is one of the two pages that our port shows. They are constant: others can
// write into the browser, so the window explains and the pages do not. Even the good
// page claims no success, because the tokens have not come yet.
type page struct{ text []byte }

var (
	pageReceived     = newPage("Received", "Go back to Entrada to continue.")
	pageNotCompleted = newPage("Sign-in was not completed", "Go back to Entrada to see why and to try again.")
)

const pageStyle = `
:root{color-scheme:light dark;--ground:#f6f7f9;--card:#fff;--text:#1b2430;--muted:#5a6675;--line:#d9dfe7;--mark:#0b5cad}
@media (prefers-color-scheme:dark){:root{--ground:#11161d;--card:#1a212b;--text:#e8edf4;
--muted:#a3afbf;--line:#2c3643;--mark:#6cb2ff}}
body{margin:0;min-height:100vh;display:grid;place-items:center;background:var(--ground);
color:var(--text);font:16px/1.5 system-ui,sans-serif}
main{max-width:26rem;margin:1rem;padding:2rem;background:var(--card);border:1px solid var(--line);border-radius:8px}
.brand{display:flex;align-items:end;gap:.5rem;margin:0 0 1rem;color:var(--mark);font-weight:600}
.door{width:.8rem;height:1.1rem;border:3px solid;border-bottom:0;border-radius:4px 4px 0 0}
h1{font-size:1.375rem;margin:0 0 .5rem}
p{margin:.5rem 0}
small{color:var(--muted)}
`

const pageFrame = `<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title} · Entrada</title>
<style>` + pageStyle + `</style>
</head>
<body>
<main>
<p class="brand"><span class="door"></span>Entrada</p>
<h1>{title}</h1>
<p>{text}</p>
<p>You can close this page.</p>
<p><small>Never send this page or its address to anyone.</small></p>
</main>
</body>
</html>
`

func newPage(title, text string) *page {
	return &page{[]byte(strings.NewReplacer("{title}", title, "{text}", text).Replace(pageFrame))}
}

// pagePolicy allows the page its own style and nothing else.
var pagePolicy = func() string {
	hash := sha256.Sum256([]byte(pageStyle))
	return "default-src 'none'; style-src 'sha256-" + base64.StdEncoding.EncodeToString(hash[:]) +
		"'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
}()

// write sends the page; a nil page is an answer without one.
func (p *page) write(w http.ResponseWriter, status int) {
	h := w.Header()
	h.Set("Cache-Control", "no-store")
	h.Set("Referrer-Policy", "no-referrer")
	h.Set("X-Content-Type-Options", "nosniff")
	h.Set("X-Frame-Options", "DENY")
	h.Set("Content-Security-Policy", pagePolicy)
	h.Set("Cross-Origin-Opener-Policy", "same-origin")
	h.Set("Cross-Origin-Resource-Policy", "same-origin")
	h.Set("Connection", "close")
	if p == nil {
		w.WriteHeader(status)
		return
	}
	h.Set("Content-Type", "text/html; charset=utf-8")
	w.WriteHeader(status)
	_, _ = w.Write(p.text)
}
