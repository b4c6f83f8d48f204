package handover

import (
	"bytes"
	"crypto/sha256"
	"encoding/base64"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"golang.org/x/net/html"
)

var pictures = flag.Bool("pictures", false, "leave the sheet as a picture under build/pages")

func testedSample() Package {
	p := sample()
	p.Test = TestResult{When: p.Created, OK: true, Headline: "Everything works"}
	return p
}

// facts are what both sheets must say.
var facts = []string{
	"Connection for CXT Software", "Client Secret ID", "9d2e4c1a-7b3f-4e5d-8a6c-0f1e2d3c4b5a", "Client Secret Value",
	"not on this sheet",
	"Mail.Send", "send mail as anybody", "Not proven yet", "20 November 2027", "2089 3048",
	"Worked on 20 November 2026", "Everything works",
	"contoso.example", tenantID, clientID,
}

func TestSheetAsPage(t *testing.T) {
	data := must[[]byte](t)(SheetHTML(testedSample()))
	root, err := html.Parse(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	var text strings.Builder
	style, policy := "", ""
	for n := range root.Descendants() {
		switch {
		case n.Type == html.TextNode && n.Parent.Data == "style":
			style = n.Data
		case n.Type == html.TextNode:
			text.WriteString(n.Data + "\n")
		}
		switch n.Data {
		case "script", "img", "link", "iframe", "object", "form", "a", "base":
			t.Errorf("the page has a <%s>", n.Data)
		case "meta":
			if len(n.Attr) > 1 && n.Attr[0].Val == "Content-Security-Policy" {
				policy = n.Attr[1].Val
			}
		}
		for _, a := range n.Attr {
			if a.Key == "style" || a.Key == "src" || a.Key == "href" || strings.HasPrefix(a.Key, "on") {
				t.Errorf("the page has %s=%q", a.Key, a.Val)
			}
		}
	}
	for _, fact := range facts {
		if !strings.Contains(text.String(), fact) {
			t.Errorf("the page does not say %q", fact)
		}
	}
	sum := sha256.Sum256([]byte(style))
	if want := "'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"; style == "" ||
		!strings.Contains(policy, want) || !strings.Contains(policy, "default-src 'none'") {
		t.Errorf("the policy %q does not allow the page's own style %s", policy, want)
	}
	if strings.Contains(string(data), "canary") {
		t.Error("a secret shows")
	}
}

// I07: what looks like markup stays text.
func TestMarkupInNamesStaysText(t *testing.T) {
	hostile := `"><img src=x onerror=alert(1)><script>alert(2)</script> [a](javascript:alert(3)) </style>`
	p := testedSample()
	p.VendorName, p.TenantDomain, p.Test.Headline = hostile, hostile, hostile
	p.Fields[0].Label, p.Fields[0].Value, p.Fields[0].Note = hostile, hostile, hostile
	p.Permissions[0].Name, p.Permissions[0].Reason = hostile, hostile
	p.Extra[hostile] = hostile
	root, err := html.Parse(bytes.NewReader(must[[]byte](t)(SheetHTML(p))))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type == html.ElementNode && (n.Data == "img" || n.Data == "script" || n.Data == "a") {
			t.Errorf("a name became a <%s>", n.Data)
		}
	}
	if text := pdfText(t, must[[]byte](t)(SheetPDF(p))); !strings.Contains(text, "onerror=alert") {
		t.Error("the PDF left it out")
	}
}

func TestSheetAsPDF(t *testing.T) {
	p := testedSample()
	data := must[[]byte](t)(SheetPDF(p))
	if !bytes.Equal(data, must[[]byte](t)(SheetPDF(p))) {
		t.Error("the same package makes two different files")
	}
	text := pdfText(t, data)
	flat := strings.Join(strings.Fields(text), " ")
	for _, fact := range facts {
		if !strings.Contains(flat, fact) {
			t.Errorf("the PDF does not say %q:\n%s", fact, text)
		}
	}
	for _, marker := range []string{clientSecret.Reveal(), mailboxPassword.Reveal(), "canary"} {
		if strings.Contains(flat, marker) || bytes.Contains(data, []byte(marker)) {
			t.Error("a secret shows")
		}
	}
	if regexp.MustCompile(`/(JavaScript|JS|Launch|OpenAction|URI|EmbeddedFile)\b`).Match(data) {
		t.Error("the PDF does something by itself")
	}
	draw(t, data, "sheet")
}

// Names in other scripts are printed, or it is said that they are not.
func TestSheetInOtherScripts(t *testing.T) {
	p := testedSample()
	p.VendorName, p.TenantDomain = "Żółć Οδός Дом Ångström", "müller-straße.example"
	data := must[[]byte](t)(SheetPDF(p))
	if text := pdfText(t, data); !strings.Contains(text, "Żółć Οδός Дом Ångström") ||
		!strings.Contains(text, "müller-straße.example") || strings.Contains(text, "cannot be printed") {
		t.Error(text)
	}
	draw(t, data, "sheet-scripts")
	p.VendorName = "日本 𝄞 😀 vendor"
	if text := pdfText(t, must[[]byte](t)(SheetPDF(p))); !strings.Contains(text, "cannot be printed") {
		t.Error(text)
	}
	if page := string(must[[]byte](t)(SheetHTML(p))); !strings.Contains(page, "日本 𝄞 😀 vendor") {
		t.Error("the page cannot either")
	}
}

// Values that fill pages break, and nothing is lost at the foot of a page.
func TestSheetOverManyPages(t *testing.T) {
	p := testedSample()
	p.Fields[0].Value = strings.Repeat("x", maxText-6) + "TheEnd"
	for i := range 90 {
		p.Permissions = append(p.Permissions,
			Permission{Name: "Permission" + string(rune('A'+i%26)) + strings.Repeat("i", i), Kind: "delegated",
				Reason: strings.Repeat("because ", 60) + "full stop."})
	}
	text := pdfText(t, must[[]byte](t)(SheetPDF(p)))
	if flat := strings.Join(strings.Fields(text), ""); !strings.Contains(flat, "TheEnd") ||
		strings.Count(flat, "fullstop.") != 90 {
		t.Errorf("%d reasons", strings.Count(flat, "fullstop."))
	}
	if pages := strings.Count(text, "\f"); pages < 5 || pages > 60 {
		t.Errorf("%d pages", pages)
	}
}

func TestSheetSaysWhatIsNotKnown(t *testing.T) {
	p := sample()
	p.SecretExpires, p.TenantDomain, p.Fingerprint, p.ClientSecret = time.Time{}, "", "", p.Fields[3].Hidden
	p.Fields[1].Hidden, p.Permissions = p.Fields[3].Hidden, nil
	s := must[Sheet](t)(NewSheet(p))
	for _, want := range []string{"Not known.", "Not tested yet.", "tenant " + tenantID} {
		if !strings.Contains(s.Text(), want) {
			t.Errorf("%q is missing in\n%s", want, s.Text())
		}
	}
}

// pdfText is what another program reads in the file.
func pdfText(t *testing.T, data []byte) string {
	t.Helper()
	if runtime.GOOS != "linux" {
		t.Skip("the commands come with the Makefile's Debian packages")
	}
	c := exec.CommandContext(t.Context(), "pdftotext", "-layout", "-", "-")
	c.Stdin = bytes.NewReader(data)
	var complaints bytes.Buffer
	c.Stderr = &complaints
	text, err := c.Output()
	if err != nil || complaints.Len() > 0 {
		t.Fatalf("pdftotext: %v %s", err, &complaints)
	}
	return string(text)
}

// draw lets another program draw the first page, which must not be empty.
func draw(t *testing.T, data []byte, name string) {
	t.Helper()
	dir := t.TempDir()
	if *pictures {
		dir = filepath.Join("..", "..", "build", "pages")
		if err := os.MkdirAll(dir, 0o755); err != nil {
			t.Fatal(err)
		}
	}
	c := exec.CommandContext(t.Context(), "pdftoppm", "-png", "-r", "80", "-singlefile", "-", filepath.Join(dir, name))
	c.Stdin = bytes.NewReader(data)
	if said, err := c.CombinedOutput(); err != nil || len(said) > 0 {
		t.Fatalf("pdftoppm: %v %s", err, said)
	}
	info, err := os.Stat(filepath.Join(dir, name+".png"))
	if err != nil || info.Size() < 10_000 {
		t.Errorf("the page is as good as empty: %v", err)
	}
}

// Whoever looks for a part sees all of it on one page.
func TestNoPartOfThePDFIsCut(t *testing.T) {
	p := testedSample()
	for rows := range 30 {
		p.Fields = nil
		for i := range rows {
			p.Fields = append(p.Fields, Plain(fmt.Sprintf("Label %d", i), "value"))
		}
		for page := range strings.SplitSeq(pdfText(t, must[[]byte](t)(SheetPDF(p))), "\f") {
			if strings.Contains(page, "For support") != strings.Contains(page, "Redirect URL") ||
				strings.Contains(page, "What it may do") != strings.Contains(page, "Consent") {
				t.Fatalf("with %d fields a part is cut:\n%s", rows, page)
			}
		}
	}
	p.Permissions = []Permission{{Name: "openid", Kind: "delegated"}, {Name: "Mail.Send", Kind: "delegated"}}
	s, err := NewSheet(p)
	if err != nil {
		t.Fatal(err)
	}
	for _, part := range s.Parts {
		for _, r := range part.Rows {
			if want := map[string]string{"openid": "For the sign-in itself",
				"Mail.Send": "In the mailbox of whoever signs in"}[r.Label]; want != "" && r.Value != want {
				t.Errorf("%s: %s", r.Label, r.Value)
			}
		}
	}
}
