//go:build tour

package tour

import (
	"encoding/json"
	"flag"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"entrada/internal/guides"
)

var (
	out     = flag.String("out", "", "folder for the pictures and the exported files; temporary ones if empty")
	vendor  = flag.String("vendor", "", "the vendor to connect; all if empty")
	variant = flag.String("variant", "", "light or dark; as the vendor has it if empty")
	program = flag.String("program", "../../bin/entrada", "the program")
)

// look is a window as somebody has it.
type look struct {
	variant       string
	width, height int
}

var (
	light = look{"light", 1080, 720}
	dark  = look{"dark", 900, 620}
)

// routes are the tours: the main one in both looks, every other vendor in one,
// and the guide file that authors begin with.
var routes = []route{
	{vendor: "oxfordiq", looks: []look{light, dark}},
	{vendor: "oxfordiq", doIt: true, looks: []look{light}},
	{vendor: "cxt", looks: []look{light}},
	{vendor: "xkit", looks: []look{dark}},
	{vendor: "aurinko", looks: []look{light}},
	{vendor: "gathr", looks: []look{dark}},
	{vendor: "fabrikam", guideFile: "../guides/template.toml", looks: []look{light}},
}

type route struct {
	vendor, guideFile string
	doIt              bool // "Do it for me" instead of "Show me how"
	looks             []look
}

func (r route) name() string {
	if r.doIt {
		return r.vendor + "-done-for-me"
	}
	return r.vendor
}

// TestTour connects vendors from the first page to the exported file.
func TestTour(t *testing.T) {
	path, err := filepath.Abs(*program)
	if err != nil || !exists(path) {
		t.Fatalf("%s is not there; make build makes it", path)
	}
	ran := 0
	for _, route := range routes {
		if *vendor != "" && *vendor != route.vendor {
			continue
		}
		for _, l := range route.looks {
			if *variant != "" && *variant != l.variant {
				continue
			}
			ran++
			t.Run(route.name()+"/"+l.variant, func(t *testing.T) {
				t.Parallel() // each on a desk of its own
				connect(t, path, route, l)
			})
		}
	}
	if ran == 0 {
		t.Fatalf("there is no tour for %q in %q", *vendor, *variant)
	}
}

func connect(t *testing.T, program string, on route, l look) {
	folder := t.TempDir()
	if *out != "" {
		folder = filepath.Join(*out, on.name()+"-"+l.variant)
	}
	if err := os.MkdirAll(folder, 0o755); err != nil {
		t.Fatal(err)
	}
	args := []string{"--practice"}
	guide := guides.ByID(on.vendor)
	if on.guideFile != "" {
		file, err := filepath.Abs(on.guideFile)
		if err != nil {
			t.Fatal(err)
		}
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if guide, err = guides.Load(file, data); err != nil {
			t.Fatal(err)
		}
		args = append(args, "--guide", file)
	}
	d := newDesk(t, l.variant)
	r := &tour{desk: d, browser: d.openBrowser(), window: d.openWindow(program, folder, l.width, l.height, args...),
		folder: folder, guide: guide, doIt: on.doIt}
	if on.guideFile == "" {
		r.chooseVendor()
	} else {
		r.openGuideFile()
	}
	r.connect()
}

type tour struct {
	*desk
	browser *browser
	window  *window
	folder  string
	guide   *guides.Guide
	doIt    bool
	choices guides.Choices // what the tour answers

	clientID, secretID string
	secret             string // the marker that must not be found anywhere
	passphrase         string // of the exported file
	portal             string // address of the practice portal
}

const admin = "alex@contoso.example"

// chooseVendor begins on the first page.
func (r *tour) chooseVendor() {
	w := r.window
	w.on("Connect an app to Outlook")
	if r.doIt {
		w.keys("shift+Tab", "shift+Tab", "Return") // the pretend portal, to slow its organisation down later
		r.portal = origin(r.t, r.opened())
		w.keys("Tab", "Tab")
	}
	w.keys("Return")
	w.on("Which vendor asked you?")
	for _, g := range guides.BuiltIn() {
		if g.ID == r.guide.ID {
			break
		}
		w.keys("Down")
	}
	w.keys("space")
}

// openGuideFile begins with what a guide file asks for.
func (r *tour) openGuideFile() {
	w := r.window
	w.on("Open a guide file")
	w.primary("A guide for " + r.guide.Vendor)
}

// connect walks from the vendor to the last page.
func (r *tour) connect() {
	w := r.window
	w.primary("Which organisation is it for?")
	w.text(admin)
	w.keys("Return")
	w.primary("What you need")
	r.answer()
	if r.doIt {
		r.letEntradaDoIt()
	} else {
		r.doItInThePortal()
	}
	test := "Sign in and test"
	if r.guide.AppOnly() {
		test = "Test the connection"
	}
	w.primary(test)
	r.test()
	if !r.doIt {
		r.check()
	}
	w.primary("Save the connection")
	if r.doIt {
		w.primary("Export for " + r.guide.Vendor)
		r.secret = r.savedSecret() // nobody has seen it
		w.keys("alt+Left")
		w.waitTitle("Save the connection")
	}
	w.primary("Export for " + r.guide.Vendor)
	r.export()
	w.primary("Send it to " + r.guide.Vendor)
	r.handOver()
	w.primary("What comes next")
	w.primary("Connect an app to Outlook")
	if r.guide.ID == "oxfordiq" && !r.doIt {
		r.testLater()
		r.openAsVendor()
	}
	r.prove()
}

func (r *tour) doItInThePortal() {
	w := r.window
	for _, step := range r.guide.PortalSteps(r.choices) {
		w.primary(step.Title)
		r.portalStep(step)
	}
	w.primary("Paste the values")
	r.paste()
	if r.guide.ID == "oxfordiq" {
		r.killAndComeBack()
	}
}

// letEntradaDoIt needs no portal: a sign-in, a look at the plan, and patience.
// In the middle of the work the program is killed; started again, it goes on.
func (r *tour) letEntradaDoIt() {
	w := r.window
	w.keys("shift+Tab", "Return") // the button before the primary one
	w.on("Let Entrada register the app")
	r.signInAsAdmin()
	w.on("The plan")
	r.killAtWork()
	w.on("Connect an app to Outlook")
	w.keys("Return") // Go on
	w.on("Let Entrada register the app")
	r.signInAsAdmin()
	w.on("This was interrupted")
	w.keys("ctrl+Return")
	w.waitTitle("Everything is as it should be")
	w.shot("everything-is-as-it-should-be")
}

func (r *tour) signInAsAdmin() {
	r.window.primary("Waiting for your sign-in")
	r.browser.follow()
	r.browser.pick(admin)
	r.browser.sees("Entrada")
}

// killAtWork agrees to the plan and kills the program when the app is there and
// the rest is not: every answer takes its time, as if from far away.
func (r *tour) killAtWork() {
	w := r.window
	r.slowDown("1500ms")
	w.keys("ctrl+Return")
	w.waitTitle("Registering the app")
	w.shot("registering-the-app")
	organisation := r.Path("home/.entrada/practice/organisation.json")
	w.Wait("the app in the practice organisation", func() bool {
		data, err := os.ReadFile(organisation)
		return err == nil && strings.Contains(string(data), r.guide.AppName)
	})
	w.again()
	journals, err := filepath.Glob(r.Path("home/.entrada/practice/registrations/registration-*.json"))
	r.Must(err)
	if len(journals) != 1 {
		r.t.Fatalf("%d runs are written down", len(journals))
	}
	var file struct {
		Body struct {
			State   string `json:"state"`
			Plan    struct{ Changes []any }
			Entries []struct {
				Done bool `json:"done"`
			} `json:"entries"`
		} `json:"body"`
	}
	data, err := os.ReadFile(journals[0])
	r.Must(err)
	r.Must(json.Unmarshal(data, &file))
	run := file.Body
	if n := len(run.Entries); run.State != "open" || n == 0 || n >= len(run.Plan.Changes) {
		r.t.Errorf("it was not killed in the middle of its work: %s", data)
	}
}

// slowDown makes every answer of the practice organisation late, until it is
// started again.
func (r *tour) slowDown(by string) {
	resp, err := http.PostForm(r.portal+"/_practice/faults", url.Values{"name": {"latency"}, "value": {by}})
	r.Must(err)
	_ = resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		r.t.Fatalf("the practice organisation would not slow down: %s", resp.Status)
	}
}

// answers are what a vendor would have told the admin.
var answers = map[guides.InputKind]string{
	guides.InputRedirectURL: "https://vendor.example/oauth/callback",
	guides.InputHost:        "HostName-123.vendor.example",
	guides.InputMailbox:     "megan@contoso.example",
	guides.InputText:        "words",
}

// answer types what the vendor gives first; what is filled in already stays.
func (r *tour) answer() {
	r.choices = guides.Choices{Organisation: "contoso.example", Inputs: map[string]string{},
		Features: r.guide.DefaultFeatures()}
	if len(r.guide.Audiences) > 1 {
		r.window.keys("Tab") // who signs in
	}
	for _, in := range r.guide.Inputs {
		value := in.Default
		if value == "" {
			value = answers[in.Kind]
			r.window.text(value)
		}
		r.choices.Inputs[in.ID] = value
		r.window.keys("Tab", "Tab") // the Paste button, the next field
		if in.Port != 0 {
			r.window.keys("Tab") // the button that tries the port
		}
	}
	if len(r.guide.Inputs) > 0 {
		r.window.shot("what-you-need-answered")
	}
}

// paste makes the mistake that nearly everybody makes, and then does it right.
func (r *tour) paste() {
	w := r.window
	w.text(r.secretID)
	w.shot("paste-the-secret-id-by-mistake")
	w.keys("ctrl+a")
	w.text(r.secret)
	if r.guide.NeedsSecretID() {
		w.keys("Tab", "Tab", "Tab", "Tab") // Show, Paste, the expiry, the Secret ID
		w.text(r.secretID)
	}
}

// killAndComeBack ends the program the hard way. The place is remembered, the
// secret is not.
func (r *tour) killAndComeBack() {
	w := r.window
	w.primary("Sign in and test")
	w.again()
	w.on("Connect an app to Outlook")
	w.keys("Return") // Go on
	w.on("Paste the values")
	w.text(r.secret)
}

// check holds what was registered by hand against what the vendor needs.
func (r *tour) check() {
	w, b := r.window, r.browser
	w.primary("Check the registration")
	w.primary("Waiting for your sign-in")
	b.follow()
	b.pick(admin)
	b.sees("Entrada")
	w.waitTitle("Everything")
	w.shot("checked")
}

func (r *tour) test() {
	w, b := r.window, r.browser
	if r.guide.AppOnly() {
		w.keys("ctrl+Return")
	} else {
		w.primary("Waiting for your sign-in")
		b.follow()
		b.pick(admin)
		b.sees("Entrada")
		w.on("Is this you?")
		w.keys("ctrl+Return")
	}
	if r.doIt || r.guide.AppOnly() {
		w.waitTitle("Everything works")
	} else {
		w.waitTitle("It works for " + admin) // whether for others, the check tells
	}
	w.shot("everything-works")
}
