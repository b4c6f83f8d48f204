package app

import "golang.org/x/sys/windows"

// letOthersComeForward gives away the right to bring a window to the front,
// which Windows grants to the program that the person has just started.
func letOthersComeForward() {
	const anybody = ^uintptr(0) // ASFW_ANY
	_, _, _ = windows.NewLazySystemDLL("user32.dll").NewProc("AllowSetForegroundWindow").Call(anybody)
}
