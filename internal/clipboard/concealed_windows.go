package clipboard

import (
	"runtime"
	"time"
	"unsafe"

	"golang.org/x/sys/windows"
)

// Conceals says whether this system keeps what Concealed puts on the clipboard
// out of its history.
const Conceals = true

var (
	user32           = windows.NewLazySystemDLL("user32.dll")
	openClipboard    = user32.NewProc("OpenClipboard")
	closeClipboard   = user32.NewProc("CloseClipboard")
	emptyClipboard   = user32.NewProc("EmptyClipboard")
	setClipboardData = user32.NewProc("SetClipboardData")
	registerFormat   = user32.NewProc("RegisterClipboardFormatW")
	createWindow     = user32.NewProc("CreateWindowExW")
	destroyWindow    = user32.NewProc("DestroyWindow")

	kernel32     = windows.NewLazySystemDLL("kernel32.dll")
	globalAlloc  = kernel32.NewProc("GlobalAlloc")
	globalFree   = kernel32.NewProc("GlobalFree")
	globalLock   = kernel32.NewProc("GlobalLock")
	globalUnlock = kernel32.NewProc("GlobalUnlock")
)

const (
	unicodeText = 13          // CF_UNICODETEXT
	moveable    = 0x0002      // GMEM_MOVEABLE
	messageOnly = ^uintptr(2) // HWND_MESSAGE
)

// wishes are the formats beside the text that keep it out of the history, out
// of other computers and away from programs that watch the clipboard. The last
// counts by being there, the others by the number 0.
var wishes = []string{"CanIncludeInClipboardHistory", "CanUploadToCloudClipboard",
	"ExcludeClipboardContentFromMonitorProcessing"}

// Concealed puts a text on the clipboard with the wish that no history and no
// other computer gets it, and says whether it could.
func Concealed(text string) bool {
	// A window belongs to the thread that made it.
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	utf16, err := windows.UTF16FromString(text)
	if err != nil {
		return false
	}
	// Without a window of our own, emptying the clipboard would leave it without
	// an owner, and nothing could be put on it.
	owner, _, _ := createWindow.Call(
		0, uintptr(unsafe.Pointer(windows.StringToUTF16Ptr("Static"))), 0, 0, 0, 0, 0, 0, messageOnly, 0, 0, 0)
	if owner == 0 {
		return false
	}
	defer func() { _, _, _ = destroyWindow.Call(owner) }()
	if !opened(owner) {
		return false
	}
	defer func() { _, _, _ = closeClipboard.Call() }()
	if done, _, _ := emptyClipboard.Call(); done == 0 {
		return false
	}
	// The wishes first: a watcher never sees the text without them.
	for _, name := range wishes {
		format, _, _ := registerFormat.Call(uintptr(unsafe.Pointer(windows.StringToUTF16Ptr(name))))
		if format == 0 || !put(format, make([]byte, 4)) {
			return false
		}
	}
	return put(unicodeText, unsafe.Slice((*byte)(unsafe.Pointer(&utf16[0])), 2*len(utf16)))
}

// opened tries for a moment: another program may have the clipboard open.
func opened(owner uintptr) bool {
	for range 10 {
		if ok, _, _ := openClipboard.Call(owner); ok != 0 {
			return true
		}
		time.Sleep(10 * time.Millisecond)
	}
	return false
}

// put gives the clipboard a copy of data in memory that becomes its own.
func put(format uintptr, data []byte) bool {
	memory, _, _ := globalAlloc.Call(moveable, uintptr(len(data)))
	if memory == 0 {
		return false
	}
	at, _, _ := globalLock.Call(memory)
	if at == 0 {
		_, _, _ = globalFree.Call(memory)
		return false
	}
	// The address comes from outside Go's own memory: it never moves.
	copy(unsafe.Slice((*byte)(*(*unsafe.Pointer)(unsafe.Pointer(&at))), len(data)), data)
	_, _, _ = globalUnlock.Call(memory)
	if ok, _, _ := setClipboardData.Call(format, memory); ok == 0 {
		_, _, _ = globalFree.Call(memory)
		return false
	}
	return true
}
