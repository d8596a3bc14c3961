package authz

import (
	"regexp"

	"tallystick/fault"
)

// The refusals about what people choose.
var (
	ErrUsername = fault.New(fault.Invalid, "username.invalid",
		"a user name has 1 to 64 letters a-z, A-Z, digits and . _ - @")
	ErrPassword = fault.New(fault.Invalid, "password.invalid",
		"a password has 8 to 128 characters, none of them a control character")
)

// No colon: it ends the name in Basic authentication and the kind in typed subjects. ASCII only: no two
// names look alike.
var username = regexp.MustCompile(`^[A-Za-z0-9._@-]{1,64}$`)

// CheckUsername refuses with ErrUsername what cannot be a user name.
func CheckUsername(name string) error {
	if !username.MatchString(name) {
		return ErrUsername
	}
	return nil
}
