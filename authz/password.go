package authz

import (
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/crypto/argon2"
)

// Bounds of passwords, in characters.
const (
	passwordMin = 8
	passwordMax = 128
)

// cost is what a password hash takes: argon2id passes, KiB of memory, lanes.
type cost struct {
	passes uint32
	memory uint32
	lanes  uint8
}

// The cost of new hashes is OWASP's second recommendation (19 MiB, 2 passes, 1 lane). The limits keep a
// hash from elsewhere from eating the machine.
var (
	costNew = cost{passes: 2, memory: 19 * 1024, lanes: 1}
	costMax = cost{passes: 16, memory: 256 * 1024, lanes: 16}
)

const (
	saltSize = 16
	keySize  = 32
	keyMax   = 128
)

// HashPassword checks a new password (ErrPassword) and returns its argon2id hash, which carries its
// parameters and salt: $argon2id$v=19$m=…,t=…,p=…$salt$key.
func HashPassword(rand io.Reader, password string) (string, error) {
	if err := checkPassword(password); err != nil {
		return "", err
	}
	salt := make([]byte, saltSize)
	if _, err := io.ReadFull(rand, salt); err != nil {
		return "", fmt.Errorf("authz: no random bytes: %w", err)
	}
	h := passwordHash{cost: costNew, salt: salt}
	h.key = h.derive(password, keySize)
	return h.String(), nil
}

func checkPassword(password string) error {
	n := utf8.RuneCountInString(password)
	if n < passwordMin || n > passwordMax || !utf8.ValidString(password) || strings.ContainsFunc(password, unicode.IsControl) {
		return ErrPassword
	}
	return nil
}

// passwordHash is a decoded hash.
type passwordHash struct {
	cost
	salt, key []byte
}

func (h passwordHash) derive(password string, size int) []byte {
	return argon2.IDKey([]byte(password), h.salt, h.passes, h.memory, h.lanes, uint32(size))
}

// String writes the form that readPasswordHash reads.
func (h passwordHash) String() string {
	b := base64.RawStdEncoding.Strict()
	return fmt.Sprintf("$argon2id$v=%d$m=%d,t=%d,p=%d$%s$%s", argon2.Version,
		h.memory, h.passes, h.lanes, b.EncodeToString(h.salt), b.EncodeToString(h.key))
}

// readPasswordHash is false for what is no argon2id hash within the limits.
func readPasswordHash(text string) (passwordHash, bool) {
	parts := strings.Split(text, "$")
	if len(parts) != 6 || parts[0] != "" || parts[1] != "argon2id" || parts[2] != fmt.Sprintf("v=%d", argon2.Version) {
		return passwordHash{}, false
	}
	var h passwordHash
	if n, err := fmt.Sscanf(parts[3], "m=%d,t=%d,p=%d", &h.memory, &h.passes, &h.lanes); n != 3 || err != nil {
		return passwordHash{}, false
	}
	var errSalt, errKey error
	h.salt, errSalt = base64.RawStdEncoding.Strict().DecodeString(parts[4])
	h.key, errKey = base64.RawStdEncoding.Strict().DecodeString(parts[5])
	ok := errSalt == nil && errKey == nil && h.within(costMax) && h.String() == text
	return h, ok && len(h.salt) >= 8 && len(h.salt) <= keyMax && len(h.key) >= 16 && len(h.key) <= keyMax
}

func (c cost) within(limit cost) bool {
	return c.passes >= 1 && c.lanes >= 1 && c.memory >= 8*uint32(c.lanes) &&
		c.passes <= limit.passes && c.memory <= limit.memory && c.lanes <= limit.lanes
}

// matches compares in a time that does not depend on where the difference is.
func (h passwordHash) matches(password string) bool {
	return subtle.ConstantTimeCompare(h.derive(password, len(h.key)), h.key) == 1
}
