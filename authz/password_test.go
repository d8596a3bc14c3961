package authz

import (
	"crypto/rand"
	"errors"
	"strings"
	"testing"
	"testing/iotest"
)

func TestHashPassword(t *testing.T) {
	const password = "correct horse"
	first, err := HashPassword(rand.Reader, password)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.HasPrefix(first, "$argon2id$v=19$m=19456,t=2,p=1$") {
		t.Errorf("the hash does not say its cost: %s", first)
	}
	h, ok := readPasswordHash(first)
	if !ok {
		t.Fatalf("cannot read %s", first)
	}
	for given, want := range map[string]bool{password: true, "Correct horse": false, "correct hors": false, password + "\x00": false, "": false} {
		if h.matches(given) != want {
			t.Errorf("%q matches: %v", given, !want)
		}
	}
	second, err := HashPassword(rand.Reader, password)
	if err != nil {
		t.Fatal(err)
	}
	if first == second {
		t.Error("two hashes of one password are equal: no salt")
	}
	broken := errors.New("no entropy")
	if _, err := HashPassword(iotest.ErrReader(broken), password); !errors.Is(err, broken) {
		t.Errorf("a hash without random bytes: %v", err)
	}
}

func TestPasswordPolicy(t *testing.T) {
	for password, ok := range map[string]bool{
		"1234567":                  false,
		"12345678":                 true,
		"pässwörd":                 true, // characters are counted, not bytes
		strings.Repeat("x", 128):   true,
		strings.Repeat("x", 129):   false,
		"tab\tinside":              false,
		"broken\xff utf-8":         false,
		"":                         false,
		"a long pass phrase is ok": true,
	} {
		if err := checkPassword(password); (err == nil) != ok || err != nil && !errors.Is(err, ErrPassword) {
			t.Errorf("%q: %v", password, err)
		}
	}
	if _, err := HashPassword(rand.Reader, "short"); !errors.Is(err, ErrPassword) {
		t.Errorf("a short password was hashed: %v", err)
	}
}

func TestForeignHashesAreRefused(t *testing.T) {
	const salt, key = "c29tZXNhbHRzb21lc2FsdA", "MTIzNDU2Nzg5MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTI"
	good := "$argon2id$v=19$m=19456,t=2,p=1$" + salt + "$" + key
	if _, ok := readPasswordHash(good); !ok {
		t.Fatal("the good one cannot be read")
	}
	for _, text := range []string{
		"", "plain", "$2a$10$abcdefghijklmnopqrstuv",
		strings.Replace(good, "argon2id", "argon2i", 1),
		strings.Replace(good, "v=19", "v=16", 1),
		strings.Replace(good, "m=19456", "m=4000000", 1), // would take 4 GB
		strings.Replace(good, "m=19456", "m=1", 1),
		strings.Replace(good, "t=2", "t=0", 1),
		strings.Replace(good, "t=2", "t=1000", 1),
		strings.Replace(good, "p=1", "p=0", 1),
		strings.Replace(good, "p=1", "p=256", 1),
		strings.Replace(good, "p=1", "p=1,x=1", 1),
		strings.Replace(good, "m=19456", "m=019456", 1),
		strings.Replace(good, salt, "", 1),
		strings.Replace(good, key, "", 1),
		strings.Replace(good, key, "!"+key[1:], 1),
		good + "$", good + "=", " " + good,
	} {
		if _, ok := readPasswordHash(text); ok {
			t.Errorf("%q was taken for a hash", text)
		}
	}
}

// Unknown users are measured against a hash of the same cost as everybody's.
func TestDecoyCostsTheSame(t *testing.T) {
	h, ok := readPasswordHash(newDecoy())
	if !ok || h.cost != costNew || len(h.key) != keySize || len(h.salt) != saltSize {
		t.Errorf("%+v", h)
	}
	if newDecoy() == newDecoy() {
		t.Error("the decoy can be known beforehand")
	}
}

func BenchmarkPassword(b *testing.B) {
	h, _ := readPasswordHash(newDecoy())
	for b.Loop() {
		h.matches("correct horse")
	}
}
