package handover

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"html/template"

	"entrada/internal/fault"
)

// sheetStyle is all that the page needs from outside its words. Its hash
// stands in the page's policy, so nothing else can style or run there.
const sheetStyle = `
body{font:11pt/1.45 "Segoe UI",system-ui,sans-serif;color:#1B2430;background:#fff;
  max-width:44rem;margin:2rem auto;padding:0 1.5rem}
h1{font-size:1.6rem;margin:0 0 .3rem}
h2{font-size:1.1rem;margin:1.6rem 0 .3rem;color:#0B5CAD}
p{margin:.2rem 0}
.note,.foot{color:#5A6675;font-size:.87rem}
.foot{margin-top:2rem}
.practice{font-size:1.5rem;font-weight:700;color:#8A4B00;border:3px dashed #8A4B00;padding:.6rem 1rem;margin:0 0 1.5rem}
dl{display:grid;grid-template-columns:13rem 1fr;margin:.4rem 0;border-top:1px solid #D9DFE7}
dt,dd{margin:0;padding:.4rem 0;border-bottom:1px solid #D9DFE7;overflow-wrap:anywhere}
dt{font-weight:600;padding-right:1rem}
@media (max-width:34rem){dl{grid-template-columns:1fr}dt{border-bottom:0;padding-bottom:0}}
@media print{body{margin:0;padding:0;max-width:none}h2{break-after:avoid}dt,dd{break-inside:avoid}}
@page{margin:18mm}
`

var sheetPage = template.Must(template.New("sheet").Parse(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy"
  content="default-src 'none'; style-src '{{.StyleHash}}'; base-uri 'none'; form-action 'none'">
<meta name="referrer" content="no-referrer">
<meta name="viewport" content="width=device-width">
<title>{{.Sheet.Title}}</title>
<style>{{.Style}}</style>
</head>
<body>
{{- with .Sheet.Practice}}
<p class="practice">{{.}}</p>
{{- end}}
<h1>{{.Sheet.Title}}</h1>
<p>{{.Sheet.Lead}}</p>
{{- range .Sheet.Parts}}
<h2>{{.Title}}</h2>
{{- with .Text}}
<p>{{.}}</p>
{{- end}}
<dl>
{{- range .Rows}}
<dt>{{.Label}}</dt>
<dd>{{.Value}}{{with .Note}}<p class="note">{{.}}</p>{{end}}</dd>
{{- end}}
</dl>
{{- end}}
<p class="foot">{{.Sheet.Foot}}</p>
</body>
</html>
`))

// SheetHTML is the hand-over sheet as one page that needs nothing else: no
// script, no picture, no address. Every word in it is text.
func SheetHTML(p Package) ([]byte, error) {
	s, err := NewSheet(p)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256([]byte(sheetStyle))
	var b bytes.Buffer
	err = sheetPage.Execute(&b, struct {
		Sheet     Sheet
		Style     template.CSS
		StyleHash string
	}{s, sheetStyle, "sha256-" + base64.StdEncoding.EncodeToString(sum[:])})
	if err != nil {
		return nil, fault.New(fault.Misuse, "write the sheet", err)
	}
	return b.Bytes(), nil
}
