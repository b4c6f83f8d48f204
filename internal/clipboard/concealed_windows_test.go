package clipboard

import (
	"runtime"
	"testing"
	"unsafe"

	"golang.org/x/sys/windows"
)

// E11: what Windows is told, read back from its clipboard.
func TestConcealedOnWindows(t *testing.T) {
	const text = "abc8Q~ü𝄞-secret"
	if !Concealed("something before") || !Concealed(text) {
		t.Fatal("it could not be put on the clipboard")
	}
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	getData, isAvailable := user32.NewProc("GetClipboardData"), user32.NewProc("IsClipboardFormatAvailable")
	if !opened(0) {
		t.Fatal("the clipboard is busy")
	}
	defer func() { _, _, _ = closeClipboard.Call() }()
	read := func(format uintptr) unsafe.Pointer {
		memory, _, _ := getData.Call(format)
		if memory == 0 {
			return nil
		}
		at, _, _ := globalLock.Call(memory)
		return *(*unsafe.Pointer)(unsafe.Pointer(&at))
	}
	if at := read(unicodeText); at == nil || windows.UTF16PtrToString((*uint16)(at)) != text {
		t.Error("another text came back")
	}
	for _, name := range wishes {
		format, _, _ := registerFormat.Call(uintptr(unsafe.Pointer(windows.StringToUTF16Ptr(name))))
		if ok, _, _ := isAvailable.Call(format); ok == 0 {
			t.Errorf("%s is not there", name)
			continue
		}
		if at := read(format); at == nil || *(*uint32)(at) != 0 {
			t.Errorf("%s is not 0", name)
		}
	}
}
