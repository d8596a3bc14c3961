// Package tidy tests the code itself: the rules of the house that a compiler does not know.
//
// It owns the table of floors, the homes of libraries, the limits on sizes, the words that must
// not be committed, and the checks that the error list, the links and the licences hold. Each rule
// is a function from a Tree to findings, so that tests can plant a violation and see it found;
// TestHouse runs all of them on the repository.
//
// It must not know what the code does: it reads syntax, never imports a package of the product.
package tidy
