package clipboard

import (
	"context"
	"os/exec"
	"strings"
	"time"
)

// patience is how long Concealed waits for macOS.
const patience = 3 * time.Second

// pasteboard is run by macOS's own JavaScript, because the toolkit offers text
// alone. Option 1 is NSPasteboardContentsCurrentHostOnly: not to the person's
// other devices. The types beside the text are those of nspasteboard.org; they
// come first, so that a watcher never sees the text without them.
const pasteboard = `
ObjC.import('AppKit');
function run() {
	const data = $.NSFileHandle.fileHandleWithStandardInput.readDataToEndOfFile;
	const text = $.NSString.alloc.initWithDataEncoding(data, $.NSUTF8StringEncoding);
	const board = $.NSPasteboard.generalPasteboard;
	board.prepareForNewContentsWithOptions(1);
	for (const kind of ['org.nspasteboard.ConcealedType', 'org.nspasteboard.TransientType'])
		board.setStringForType($(''), kind);
	if (!board.setStringForType(text, 'public.utf8-plain-text')) throw 'refused';
}`

// Concealed puts a text on the clipboard with the wish that no history and no
// other device gets it, and says whether it could. The text goes through a
// pipe: the arguments of a program can be read by others.
func Concealed(text string) bool {
	ctx, cancel := context.WithTimeout(context.Background(), patience)
	defer cancel()
	script := exec.CommandContext(ctx, "/usr/bin/osascript", "-l", "JavaScript", "-e", pasteboard)
	script.Stdin = strings.NewReader(text)
	return script.Run() == nil
}
