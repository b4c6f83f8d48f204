// Package cost holds the work factor of passphrases. Its folder keeps it from everybody
// but package agefile and its helper for tests: Go itself forbids any other import.
package cost

// Product is the work factor of the product.
const Product = 17

// Factor is the work factor in use: [Product], unless a test has lowered it.
var Factor = Product
