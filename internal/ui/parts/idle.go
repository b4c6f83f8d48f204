package parts

import (
	"sync"
	"time"

	"fyne.io/fyne/v2"
)

const (
	framesAwake  = 60 // about a second, as Fyne counts them
	framesToShow = 1  // after a rest, for what changed by itself
	longestRest  = 500 * time.Millisecond
)

// RestWith lets the program rest while nobody does anything. Fyne looks for
// events sixty times a second, whether there are any or not, which alone keeps
// one fiftieth of a core busy. After a second without events, wait waits for
// the next one instead, at most as long as it is told. wake ends a wait from
// any goroutine: what is posted comes as soon as ever.
//
// What Fyne itself does beside events, such as following the desktop's switch
// to dark colours, may come half a second late.
func RestWith(wait func(atMost time.Duration), wake func()) {
	r := &rester{post: deliverer(), wait: wait, wake: wake}
	DeliverWith(r.deliver)
	(&fyne.Animation{Duration: time.Hour, RepeatCount: fyne.AnimationRepeatForever,
		Tick: func(float32) { r.frame() }}).Start()
}

// rester decides when to rest. All but deliver happens on the user interface.
type rester struct {
	post   func(func())
	wait   func(time.Duration)
	wake   func()
	quiet  int  // frames since something happened
	posted bool // the next rest

	mu      sync.Mutex
	waiting bool
	coming  int // what was posted and did not happen yet
}

// deliver posts f and ends a rest for it.
func (r *rester) deliver(f func()) {
	r.mu.Lock()
	r.coming++
	if r.waiting {
		r.wake() // with the lock: the window cannot end before it is woken
	}
	r.mu.Unlock()
	r.post(func() {
		r.mu.Lock()
		r.coming--
		r.mu.Unlock()
		r.quiet = 0
		f()
	})
}

// frame is called before each picture. The rest must come after it: what the
// events of this frame changed has to be seen first.
func (r *rester) frame() {
	if r.quiet++; r.quiet >= framesAwake && !r.posted {
		r.posted = true
		r.post(r.rest)
	}
}

func (r *rester) rest() {
	r.posted = false
	r.mu.Lock()
	r.waiting = r.quiet >= framesAwake && r.coming == 0
	waiting := r.waiting
	r.mu.Unlock()
	if !waiting {
		return
	}
	began := time.Now()
	r.wait(longestRest)
	r.mu.Lock()
	r.waiting = false
	r.mu.Unlock()
	r.quiet = framesAwake - framesToShow
	if time.Since(began) < longestRest {
		r.quiet = 0
	}
}
