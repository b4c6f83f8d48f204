// Package registration holds what a vendor wants against what is really
// registered in Microsoft Entra, and does the work of the route "Do it for me".
//
//   - [Wanted] is what a guide asks for, after the admin's choices.
//   - [Actual] is what Graph says is there. Each part is looked up by itself, so
//     that a look-up which failed stays "could not check".
//   - [Compare] holds one against the other. Both routes end in it.
//   - [Plan] is what has to change, as data and in plain words; it can be saved
//     and given to the person who has the role.
//   - [Engine.Apply] carries it out, [Engine.Undo] takes back what it created,
//     [Engine.Renew] changes the secret.
//
// Every change is written into a journal before it is made. A program that is
// killed at any moment can go on, or take everything back: there is never more
// than one app and one usable secret of a run. The secret's value is in no file;
// one whose value was lost is removed and made anew.
//
// The package must not know windows, pages or where a secret is kept, nor how
// the administrator signed in beyond the access token it is given.
package registration
