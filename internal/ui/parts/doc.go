// Package parts is what Entrada's pages are built of: text, buttons, fields,
// lists, the rail, the page frame and the dialog. It mends what Fyne leaves
// open, once for all pages:
//
//   - Enter presses what has the focus, as Space does; Esc, F1, Alt+Left and
//     Ctrl+Enter work wherever the focus is, also in a text field.
//   - A key that is held down presses once, so that a long Enter does not walk
//     through three pages.
//   - What has the focus carries a ring and is scrolled into view; nothing that
//     is hidden keeps the focus.
//   - Heights follow widths: a text knows how high it is in a given width
//     before it is laid out (see [HeightFor]), so pages are right at the first
//     layout and MinSize is honest.
//   - Colours are looked up by name whenever a part is refreshed, so that light
//     and dark can change while the window is open.
//
// A page is a column of parts, handed to [Shell.ShowPage] as a [Page].
//
// The package must not know what the program is about: no vendor, no sign-in,
// no journey. Words come from the pages.
package parts
