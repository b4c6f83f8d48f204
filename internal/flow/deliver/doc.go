// Package deliver is the conversation that hands a connection over: save it,
// export it, send it, receive it, and renew its secret.
//
// It must not know windows or terminals; each draws the screens in its own way.
package deliver
