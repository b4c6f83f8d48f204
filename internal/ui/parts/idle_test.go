package parts

import (
	"testing"
	"testing/synctest"
	"time"
)

// loop stands for Fyne's and for the window system below it.
type loop struct {
	*rester
	queue  chan func()
	events chan struct{} // keys and clicks, and what ends a wait
	frames int
}

func newLoop() *loop {
	l := &loop{queue: make(chan func(), 100), events: make(chan struct{}, 100)}
	l.rester = &rester{
		post: func(f func()) { l.queue <- f },
		wait: func(atMost time.Duration) {
			select {
			case <-l.events:
			case <-time.After(atMost):
			}
		},
		wake: func() { l.events <- struct{}{} },
	}
	return l
}

// turn runs the loop for so long.
func (l *loop) turn(long time.Duration) {
	tick := time.NewTicker(time.Second / 60)
	defer tick.Stop()
	for end := time.Now().Add(long); time.Now().Before(end); {
		select {
		case f := <-l.queue:
			f()
		case <-tick.C:
			l.frames++
			l.frame()
		}
	}
}

func TestAnIdleWindowRests(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLoop()
		l.turn(900 * time.Millisecond)
		if l.frames < 50 {
			t.Errorf("%d frames in the first second: a window that just opened rests", l.frames)
		}
		l.turn(2 * time.Second)
		l.frames = 0
		l.turn(time.Minute)
		if l.frames > 60*6 {
			t.Errorf("%d frames in a minute in which nothing happened", l.frames)
		}
	})
}

func TestAnEventEndsTheRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLoop()
		l.turn(5 * time.Second)
		l.events <- struct{}{}
		l.turn(longestRest) // into the next rest, which the event ends at once
		l.frames = 0
		l.turn(400 * time.Millisecond)
		if l.frames < 20 {
			t.Errorf("%d frames right after an event", l.frames)
		}
	})
}

func TestWhatIsPostedEndsTheRest(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLoop()
		l.turn(5 * time.Second)
		for range 20 { // at any moment of a rest
			var late time.Duration
			time.AfterFunc(40*time.Millisecond, func() {
				posted := time.Now()
				l.deliver(func() { late = time.Since(posted) + 1 })
			})
			l.turn(1930 * time.Millisecond)
			if late == 0 || late > 20*time.Millisecond {
				t.Fatalf("it came after %s", late)
			}
		}
	})
}

// TestNoRestBeforeWhatIsPosted: what is posted when a rest is about to begin,
// but did not yet, cannot end it.
func TestNoRestBeforeWhatIsPosted(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		l := newLoop()
		for len(l.queue) == 0 {
			l.frame()
		}
		done, posted := false, time.Now()
		l.deliver(func() { done = true })
		for range 2 {
			(<-l.queue)()
		}
		if late := time.Since(posted); !done || late > 0 {
			t.Errorf("done %v, after %s", done, late)
		}
	})
}
