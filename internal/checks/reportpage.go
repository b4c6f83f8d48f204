package checks

import (
	"html/template"
	"strings"

	"entrada/internal/fault"
)

// reportPage is one self-contained file. It has no script and loads nothing, and its
// policy forbids both. It prints black on white, without a page break within a check.
var reportPage = template.Must(template.New("report").Funcs(template.FuncMap{
	"parts": func(c *Cause) [][2]string { return c.parts() },
	"word": func(s State) string {
		return map[State]string{Passed: "✓ passed", Failed: "✗ failed", Skipped: "– skipped",
			NotAsked: "– not tried"}[s]
	},
}).Parse(`<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="viewport" content="width=device-width">
<meta name="referrer" content="no-referrer">
<title>Connection test: {{.Headline}}</title>
<style>
body { font: 15px/1.5 system-ui, sans-serif; color: #1b2430; background: #fff;
  max-width: 46rem; margin: 2rem auto; padding: 0 1rem; overflow-wrap: anywhere }
h1 { font-size: 1.5rem; margin: 0 0 .25rem }
.about { color: #5a6675; margin: 0 0 1.5rem }
.cause { border: 1px solid #b3261e; border-left-width: 4px;
  border-radius: 8px; padding: .75rem 1rem; margin: 0 0 1.5rem }
table { border-collapse: collapse; width: 100% }
tr { break-inside: avoid }
th, td { text-align: left; vertical-align: top; padding: .4rem .6rem .4rem 0; border-top: 1px solid #d9dfe7 }
th { font-weight: 600 }
td.state { white-space: nowrap; width: 6.5rem }
.passed { color: #1b7f4b } .failed { color: #b3261e } .skipped, .not-asked { color: #5a6675 }
.detail { color: #5a6675 }
dl { margin: 0 } dt { font-weight: 600 } dd { margin: 0 0 .4rem }
@media print { body { margin: 0; max-width: none } .cause { break-inside: avoid } }
</style>
</head>
<body>
<h1>{{.Headline}}</h1>
<p class="about">{{.About}}<br>Entrada connection test, {{.When}}</p>
{{with .Cause}}<div class="cause"><dl>{{range parts .}}<dt>{{index . 0}}</dt><dd>{{index . 1}}</dd>{{end}}</dl></div>
{{end}}<table>
{{range .Checks}}<tr><td class="state {{.State}}">{{word .State}}</td><td><strong>{{.Title}}</strong>
{{- with .Detail}}<br><span class="detail">{{.}}</span>{{end}}
{{- with .Code}} <span class="detail">{{.}}</span>{{end}}
{{- with .Cause}}{{if ne .What $.Cause.What}}<dl>
{{- range parts .}}<dt>{{index . 0}}</dt><dd>{{index . 1}}</dd>{{end}}</dl>{{end}}{{end}}
{{- ""}}</td></tr>
{{end}}</table>
</body>
</html>
`))

// HTML is the report as a page of its own, to be printed or attached.
func (r Report) HTML() (string, error) {
	var b strings.Builder
	err := reportPage.Execute(&b, struct {
		Report
		About, When string
	}{r, r.subject(), r.when()})
	if err != nil {
		return "", fault.New(fault.Misuse, "write the report", err)
	}
	return b.String(), nil
}
