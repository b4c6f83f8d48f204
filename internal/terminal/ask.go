package terminal

import (
	"context"
	"errors"
	"strconv"
	"strings"

	"entrada/internal/console"
	"entrada/internal/secret"
)

// word is an answer made comparable.
func word(text string) string { return strings.ToLower(strings.TrimSpace(text)) }

// ask asks one question. An empty answer is the fallback, which is shown. What
// was typed is never repeated: it may be a secret in the wrong place.
func (w *wizard) ask(ctx context.Context, question, fallback string) (string, error) {
	w.asked = true
	prompt := question
	if fallback != "" {
		prompt += " [" + console.OneLine(fallback) + "]"
	}
	for {
		w.out.Raw(console.OneLine(prompt) + ": ")
		text, err := w.p.in.Line(ctx)
		w.endPrompt()
		if errors.Is(err, console.ErrTooLong) {
			w.out.Line("This is too long.")
			continue
		}
		if err != nil {
			return "", err
		}
		again, err := w.command(ctx, text)
		switch {
		case err != nil:
			return "", err
		case again:
			continue
		case strings.TrimSpace(text) == "":
			return fallback, nil
		}
		return text, nil
	}
}

// askHidden asks for a secret; an empty answer gives an empty one.
func (w *wizard) askHidden(ctx context.Context, question string) (secret.Value, error) {
	w.asked = true
	for {
		v, err := w.p.in.Hidden(ctx, func() { w.out.Raw(question + ": ") })
		w.endPrompt()
		if errors.Is(err, console.ErrTooLong) {
			w.out.Line("This is too long.")
			continue
		}
		if err != nil {
			return secret.Value{}, err
		}
		again, err := w.command(ctx, v.Reveal())
		if err != nil || !again {
			return v, err
		}
	}
}

// endPrompt ends the line of a question whose answer nobody typed here.
func (w *wizard) endPrompt() {
	if !w.p.in.Terminal {
		w.out.Blank()
	}
}

// command takes the words that every question understands.
func (w *wizard) command(ctx context.Context, text string) (again bool, err error) {
	switch word(text) {
	case "back":
		return false, errBack
	case "quit", "exit":
		return false, errQuit
	case "help", "?":
		w.showHelp()
		return true, nil
	case "open":
		if w.link != "" {
			w.openLink(ctx)
			return true, nil
		}
	}
	return false, nil
}

// until asks until check is content; check returns a sentence, or "".
func (w *wizard) until(ctx context.Context, question, fallback string, check func(string) string) error {
	for {
		text, err := w.ask(ctx, question, fallback)
		if err != nil {
			return err
		}
		sentence := check(text)
		if sentence == "" {
			return nil
		}
		w.out.Say("", sentence)
	}
}

// enter waits for Enter alone.
func (w *wizard) enter(ctx context.Context, question string) error {
	return w.until(ctx, question, "", func(text string) string {
		if text != "" {
			return "Press Enter, or type back, quit or help."
		}
		return ""
	})
}

// option is one of several answers.
type option struct {
	id    string // may be typed instead of the number
	title string
	text  string
}

// choose asks for one of the options; proposed is the one for Enter, -1 for
// none.
func (w *wizard) choose(ctx context.Context, question string, options []option, proposed int) (int, error) {
	for i, o := range options {
		text := "**" + o.title + "**"
		if o.text != "" {
			text += ": " + o.text
		}
		w.out.Say("    ", strconv.Itoa(i+1)+". "+text)
	}
	fallback := ""
	if proposed >= 0 {
		fallback = strconv.Itoa(proposed + 1)
	}
	chosen := -1
	err := w.until(ctx, question, fallback, func(text string) string {
		if chosen = find(options, text); chosen < 0 {
			return "Type one of the numbers from 1 to " + strconv.Itoa(len(options)) + ", or a name from the list."
		}
		return ""
	})
	return chosen, err
}

func find(options []option, text string) int {
	if n, err := strconv.Atoi(strings.TrimSpace(text)); err == nil {
		if n >= 1 && n <= len(options) {
			return n - 1
		}
		return -1
	}
	for i, o := range options {
		if word(text) == strings.ToLower(o.id) || word(text) == strings.ToLower(o.title) {
			return i
		}
	}
	begun := -1 // the only one that begins like this
	for i, o := range options {
		if w := word(text); len(w) >= 4 && (strings.HasPrefix(strings.ToLower(o.title), w) ||
			strings.HasPrefix(strings.ToLower(o.id), w)) {
			if begun >= 0 {
				return -1
			}
			begun = i
		}
	}
	return begun
}

// chooseMany asks for any number of the options.
func (w *wizard) chooseMany(ctx context.Context, question string, options []option, ticked []bool) ([]bool, error) {
	for i, o := range options {
		mark := "[ ]"
		if ticked[i] {
			mark = "[x]"
		}
		text := o.title
		if o.text != "" {
			text += ": " + o.text
		}
		w.out.Say("        ", mark+" "+strconv.Itoa(i+1)+". "+text)
	}
	chosen := ticked
	err := w.until(ctx, question+" Type their numbers, or press Enter for those marked with x", "",
		func(text string) string {
			if text == "" {
				return ""
			}
			next := make([]bool, len(options))
			for _, part := range strings.FieldsFunc(text,
				func(r rune) bool { return r == ',' || r == ' ' || r == ';' }) {
				i := find(options, part)
				if i < 0 {
					return "Type numbers from 1 to " + strconv.Itoa(len(options)) + ", with commas between them."
				}
				next[i] = true
			}
			chosen = next
			return ""
		})
	return chosen, err
}

func (w *wizard) openLink(ctx context.Context) {
	if err := w.p.app.Browser(ctx, w.link); err != nil {
		w.out.Line("No browser opened. Copy the address instead.")
		return
	}
	w.out.Line("Opened in the browser.")
}
