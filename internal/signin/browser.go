package signin

import (
	"context"
	"errors"
	"net/url"
	"os"
	"runtime"
	"time"

	"github.com/pkg/browser"

	"entrada/internal/fault"
)

// Opener shows a link in a browser. It returns once the browser has started,
// and at the latest when ctx ends.
type Opener func(ctx context.Context, url string) error

// browserPatience is how long a browser may take to start.
const browserPatience = 3 * time.Second

func init() {
	// Nil is the null device. Any other writer would be a pipe, which a browser
	// that outlives its launcher keeps open, and us waiting.
	browser.Stdout, browser.Stderr = nil, nil
}

// SystemBrowser opens a link in the default browser. It takes https, and http on
// this computer alone: some systems run any program that an address names. A
// launcher that still runs after three seconds counts as a success.
func SystemBrowser(ctx context.Context, link string) error {
	const op = "open the browser"
	u, err := url.Parse(link)
	if err != nil || !safeToOpen(u) || !printable(link) {
		return &fault.Error{Kind: fault.Misuse, Op: op, Detail: "only web addresses are opened"}
	}
	if runtime.GOOS == "linux" && !hasDesktop(os.Getenv) {
		return fault.New(fault.BrowserNotOpened, op, errors.New("no desktop"))
	}
	started := make(chan error, 1)
	go func() { started <- browser.OpenURL(link) }()
	patience := time.NewTimer(browserPatience)
	defer patience.Stop()
	select {
	case err := <-started:
		if err != nil {
			return fault.New(fault.BrowserNotOpened, op, err)
		}
		return nil
	case <-patience.C:
		return nil
	case <-ctx.Done():
		return fault.New(fault.Cancelled, op, ctx.Err())
	}
}

// hasDesktop reports whether a browser may have somewhere to open, as a session over SSH
// has not: there the opener would fill the terminal with a browser of text. Linux within
// Windows opens that one's browser.
func hasDesktop(variable func(string) string) bool {
	for _, name := range []string{"DISPLAY", "WAYLAND_DISPLAY", "BROWSER", "WSL_DISTRO_NAME"} {
		if variable(name) != "" {
			return true
		}
	}
	return false
}
