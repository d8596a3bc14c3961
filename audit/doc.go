// Package audit is the audit log's format: what an entry is, how entries are chained, and how
// anyone can check them.
//
// It owns the entry format AR1, the hash chain of each stream, the commitments to private parts,
// the export format and the verifier. It is pure: bytes in, bytes out. It must not know of a
// clock, a source of randomness, a database, a network or the engine; salts, times and readers
// are handed in.
//
// # Entry bytes (AR1)
//
// The ASCII characters AR1 and a newline, then each present field in ascending order of its tag:
// tag (2 bytes), length (4 bytes), value; all integers big endian. The values are
//
//	text     UTF-8
//	integer  8 bytes, two's complement; times are microseconds since 1970
//	digest   32 bytes; an event id has 16
//	list     for each item: length (4 bytes), text
//	map      for each key, ascending by its bytes: length, key, length, text
//	attempt  two integers: latency in microseconds, number of the attempt
//
// The commitments to private parts (tag 70) are a map whose values are 64 lower-case hexadecimal
// digits. An absent field is not an empty one. There is exactly one encoding of an entry, so
// whatever [Decode] accepts, [Entry.Bytes] gives back unchanged. The tags and their kinds are the
// table in entry_field.go. A tag is never reused and never changes its kind; a new fact gets a new
// tag, which an older verifier refuses instead of passing over it.
//
// # Chain
//
//	hash of entry n     = SHA-256(AR1 bytes of entry n), which contain the hash of entry n-1
//	hash before entry 1 = SHA-256("AR1 genesis\n" origin "\n" tenant "\n" stream)
//	commitment          = HMAC-SHA-256(salt, private part), the salt being 32 random bytes
//
// The chain shows every change inside a stream to whoever knows the stream's last hash. That a
// whole stream is gone, or its end, or that everything after some entry was computed anew, only
// the Merkle log over the hashes and its published checkpoints can show.
//
// # Export
//
// One JSON object per line, numbered from 1 in "line". The first line is the manifest with its own
// digest; then one line per entry (bytes, hash, readable view, private parts); then one line per
// stream with its first and last entry, ordered by origin, tenant and stream; then the closing
// line with the counts and the SHA-256 of all lines before it. Nothing in a line is free: it
// follows from the entry, the manifest or the lines before, so a byte that was changed and nothing
// else computed anew is found, and found where it is. Entries of one stream are in order and without gaps; streams may interleave.
package audit
