// Package pages holds the pages of the window: layout and words. What happens, and
// what is said in conversations, is decided in package flow; what things look like,
// in package parts.
//
// It must not talk to the network, the keychain or files by itself, and it
// must not know whether the cloud it is given is a real one.
package pages
