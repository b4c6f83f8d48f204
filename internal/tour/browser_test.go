//go:build tour

package tour

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/chromedp/chromedp"
)

// browser is a real Chromium, without a window of its own.
type browser struct {
	*desk
	ctx context.Context
}

func (d *desk) openBrowser() *browser {
	d.t.Helper()
	options := append(chromedp.DefaultExecAllocatorOptions[:],
		chromedp.NoSandbox, chromedp.DisableGPU, chromedp.UserDataDir(d.Path("browser-profile")),
		chromedp.Env(d.Env...),
		chromedp.Flag("disable-background-networking", true), chromedp.Flag("disable-component-update", true),
		chromedp.Flag("disable-sync", true),
		chromedp.WindowSize(1200, 900))
	for _, path := range []string{"/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"} {
		if exists(path) {
			options = append(options, chromedp.ExecPath(path))
			break
		}
	}
	allocator, stopAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, stopBrowser := chromedp.NewContext(allocator)
	ctx, stopTime := context.WithTimeout(ctx, 10*time.Minute)
	d.t.Cleanup(func() {
		_ = chromedp.Cancel(ctx)
		stopTime()
		stopBrowser()
		stopAllocator()
	})
	b := &browser{d, ctx}
	// The browser lives as long as the context that it is started with.
	d.Must(chromedp.Do(ctx, chromedp.Navigate("about:blank")))
	return b
}

func (b *browser) do(what string, actions ...chromedp.Action[chromedp.Void]) {
	b.t.Helper()
	ctx, cancel := context.WithTimeout(b.ctx, 30*time.Second)
	defer cancel()
	if err := chromedp.Do(ctx, actions...); err != nil {
		page, _ := chromedp.Run(b.ctx, chromedp.Text("body"))
		b.t.Fatalf("%s in the browser: %v\nthe page says:\n%s", what, err, page)
	}
}

// follow opens what the program asked the system browser to open.
func (b *browser) follow() string {
	b.t.Helper()
	address := b.opened()
	b.do("open "+address, chromedp.Navigate(address), chromedp.WaitReady("body"))
	return address
}

func id(name string) string { return fmt.Sprintf("[id=%q]", name) }

func (b *browser) click(names ...string) {
	b.t.Helper()
	for _, n := range names {
		b.do("click "+n, chromedp.WaitVisible(id(n)), chromedp.Click(id(n)))
	}
}

func (b *browser) fill(name, text string) {
	b.t.Helper()
	b.do("fill "+name, chromedp.WaitVisible(id(name)), chromedp.SetValue(id(name), text))
}

func (b *browser) read(name string) string {
	b.t.Helper()
	b.do("wait for "+name, chromedp.WaitVisible(id(name)))
	text, err := chromedp.Run(b.ctx, chromedp.Text(id(name)))
	b.Must(err)
	return strings.TrimSpace(text)
}

// pick chooses an account in an account picker.
func (b *browser) pick(account string) {
	b.t.Helper()
	button := fmt.Sprintf("button[name=account][value=%q]", account)
	b.do("pick "+account, chromedp.WaitVisible(button), chromedp.Click(button))
}

// sees waits until the page says something.
func (b *browser) sees(text string) {
	b.t.Helper()
	script := fmt.Sprintf("!!document.body && document.body.innerText.includes(%q)", text)
	limit, tick := time.After(20*time.Second), time.NewTicker(50*time.Millisecond)
	defer tick.Stop()
	for {
		// An error means that the page is just being replaced.
		if found, err := chromedp.Run(b.ctx, chromedp.Evaluate[bool](script)); err == nil && found {
			return
		}
		select {
		case <-tick.C:
		case <-limit:
			page, _ := chromedp.Run(b.ctx, chromedp.Text("body"))
			b.t.Fatalf("the browser never showed “%s”; the page says:\n%s", text, page)
		}
	}
}
