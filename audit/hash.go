package audit

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"strings"
)

// Hash is a SHA-256 or HMAC-SHA-256 value; its text is 64 lower-case hexadecimal digits.
type Hash [32]byte

// String returns the 64 hexadecimal digits.
func (h Hash) String() string { return hex.EncodeToString(h[:]) }

// MarshalText returns the 64 hexadecimal digits.
func (h Hash) MarshalText() ([]byte, error) { return []byte(h.String()), nil }

// UnmarshalText reads what MarshalText wrote and refuses everything else.
func (h *Hash) UnmarshalText(text []byte) error {
	b, ok := parseHex(string(text))
	if !ok {
		return ErrEntryMalformed.With("a hash has 64 lower-case hexadecimal digits")
	}
	*h = b
	return nil
}

// EventID is the UUID of an event; its text has the usual five groups.
type EventID [16]byte

// String returns the UUID in five groups.
func (id EventID) String() string { return string(appendEventID(nil, id)) }

// Commit returns the commitment to a private part: HMAC-SHA-256 keyed with the part's salt. Once
// the salt is destroyed the commitment no longer leads back to the part.
func Commit(salt [32]byte, private []byte) Hash {
	mac := hmac.New(sha256.New, salt[:])
	mac.Write(private)
	return Hash(mac.Sum(nil))
}

// parseHex reads 32 bytes from lower-case hexadecimal digits.
func parseHex(s string) ([32]byte, bool) {
	var h [32]byte
	if len(s) != hex.EncodedLen(len(h)) {
		return h, false
	}
	// hex.Decode also takes capitals; two spellings of one value would be two encodings.
	for _, c := range s {
		if 'A' <= c && c <= 'F' {
			return h, false
		}
	}
	_, err := hex.Decode(h[:], []byte(s))
	return h, err == nil
}

// ParseEventID reads what String writes.
func ParseEventID(text string) (id EventID, err error) {
	n, err := hex.Decode(id[:], []byte(strings.ReplaceAll(text, "-", "")))
	if err == nil && n != len(id) {
		err = hex.ErrLength
	}
	return id, err
}
