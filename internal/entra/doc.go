// Package entra is the Microsoft identity platform as data: its clouds and
// their addresses, finding a tenant from a domain, the catalogue of Microsoft
// Graph permissions, the shapes of identifiers, and what its error codes mean.
//
// It must not know vendors, windows or saved connections.
package entra
