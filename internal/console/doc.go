// Package console is a program's input and output as lines of text. It wraps
// paragraphs, shows bold words and coloured marks on a terminal, reads a secret
// without echo, and gives up a read when its context ends.
//
// Whatever it writes is without control characters, so that no name and no word
// of a server can drive the terminal. Output that was lost is remembered.
//
// It must not know what is written or asked: no command, no flow, no vendor.
package console
