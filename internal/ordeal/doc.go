// Package ordeal proves on the real program what the documentation promises about crashes: it starts the binary,
// speaks REST to it as clients do, kills it, breaks its connections and replaces its database under load, and then
// compares what clients were told with what is there.
//
// A Ledger keeps what each client asked and what it was told: done, refused, or unknown when no answer came. After
// an ordeal everything that was done is there once, nothing that was refused is there, and what was unknown is there
// at most once; asking again under the same idempotency key tells which, and gives the same receipt ever after.
//
// Histories go further: calls of several clients on the same task, job or idempotency key, with the times of call
// and return, must fit some order in which each call happened at one moment (checked by porcupine).
//
// The package knows the program from outside only. It holds the parts, its tests are the ordeals: a small sample
// runs with all other tests, "make kill" runs the long ones. Everything random follows from ORDEAL_SEED, which is
// printed; what the operating system does in between does not.
package ordeal
