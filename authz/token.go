package authz

import (
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strings"
)

// tokenPrefix lets scanners of leaked secrets recognise a token.
const (
	tokenPrefix = "tsk_"
	tokenSize   = 32
)

// NewToken draws an API token of 256 bits. The secret is shown once; the hash is what is stored. It panics
// when the random source fails.
func NewToken(rand io.Reader) (secret string, hash [32]byte) {
	var b [tokenSize]byte
	if _, err := io.ReadFull(rand, b[:]); err != nil {
		panic("authz: no random bytes: " + err.Error())
	}
	secret = tokenPrefix + hex.EncodeToString(b[:])
	return secret, sha256.Sum256([]byte(secret))
}

// tokenHash is false for what cannot be a token, which then costs no look-up. A fast hash is enough:
// 256 random bits cannot be guessed.
func tokenHash(secret string) ([32]byte, bool) {
	digits, ok := strings.CutPrefix(secret, tokenPrefix)
	if !ok || len(digits) != 2*tokenSize || strings.Trim(digits, "0123456789abcdef") != "" {
		return [32]byte{}, false
	}
	return sha256.Sum256([]byte(secret)), true
}
