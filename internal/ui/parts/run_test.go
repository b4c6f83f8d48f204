package parts

import (
	"context"
	"errors"
	"testing"
	"time"

	"fyne.io/fyne/v2"
	"go.uber.org/goleak"
)

func TestRunHandsTheResultOver(t *testing.T) {
	d := newDesk(t, fyne.NewSize(1080, 720))
	label := Body("…")
	d.shell.ShowPage(Page{Title: "P", Body: []fyne.CanvasObject{label}})
	Run(t.Context(), func(ctx context.Context) (string, error) {
		Post(func() { label.SetText("half") })
		return "done", nil
	}, func(s string, err error) { label.SetText(s) })
	d.pump()
	if label.Plain() != "half" {
		t.Errorf("progress says %q", label.Plain())
	}
	d.pump()
	if label.Plain() != "done" {
		t.Errorf("the result is %q", label.Plain())
	}
}

func TestRunForgetsWhatWasCancelled(t *testing.T) {
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	d := newDesk(t, fyne.NewSize(1080, 720))
	ctx, cancel := context.WithCancel(t.Context())
	asked := make(chan struct{})
	Run(ctx, func(ctx context.Context) (int, error) {
		close(asked)
		<-ctx.Done()
		return 0, ctx.Err()
	}, func(int, error) { t.Error("a result came back to a page that is gone") })
	<-asked
	cancel()
	if !Settle(5 * time.Second) {
		t.Fatal("the work did not end")
	}
	// Cancelled between the end of the work and the delivery.
	ctx, cancel = context.WithCancel(t.Context())
	Run(ctx, func(context.Context) (int, error) { return 1, errors.New("x") },
		func(int, error) { t.Error("delivered after cancel") })
	Settle(5 * time.Second)
	cancel()
	d.pump()
	PostWhile(ctx, func() { t.Error("progress for a page that is gone") })
	d.pump()
	Run(ctx, func(context.Context) (int, error) { t.Error("work began after cancel"); return 0, nil },
		func(int, error) {})
	Settle(5 * time.Second)
}

func TestSettleGivesUp(t *testing.T) {
	newDesk(t, fyne.NewSize(1080, 720))
	release := make(chan struct{})
	Run(t.Context(), func(context.Context) (int, error) { <-release; return 0, nil }, func(int, error) {})
	if Settle(10 * time.Millisecond) {
		t.Error("said that all work has ended while some was under way")
	}
	close(release)
	if !Settle(5 * time.Second) {
		t.Error("did not see the end")
	}
}

func TestAfterCanBeStopped(t *testing.T) {
	d := newDesk(t, fyne.NewSize(1080, 720))
	n := 0
	stop := After(time.Millisecond, func() { n++ })
	stop()
	After(2*time.Millisecond, func() { n += 10 })
	d.pump()
	if len(d.queue) > 0 {
		d.pump()
	}
	if n != 10 {
		t.Errorf("n is %d", n)
	}
}
