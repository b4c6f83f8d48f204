// Package entra is the Microsoft identity platform as data: its clouds and
// their addresses, finding a tenant from a domain, the catalogue of Microsoft
// Graph permissions, the shapes of identifiers, and those error codes on which
// the program's next step depends. What the codes mean in words is package
// explain's.
//
// It must not know vendors, windows or saved connections.
package entra
