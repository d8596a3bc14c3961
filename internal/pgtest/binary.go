package pgtest

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
)

var errNoBinaries = errors.New("the PostgreSQL binaries initdb and postgres were not found in PATH " +
	"or /usr/lib/postgresql/*/bin; install the package postgresql (on Debian and Ubuntu: " +
	"apt-get install postgresql), or set TEST_POSTGRES to the DSN of a server on which " +
	"databases may be created")

// installed are the places where packages put the binaries without adding them to PATH.
var installed = []string{
	"/usr/lib/postgresql/*/bin",
	"/usr/pgsql-*/bin",
	"/opt/homebrew/opt/postgresql@*/bin",
	"/usr/local/opt/postgresql@*/bin",
}

// findBinaries returns the folder that holds initdb and postgres: PATH first, then the newest
// installed version.
func findBinaries() (string, error) {
	for _, name := range []string{"postgres", "initdb"} {
		if path, err := exec.LookPath(name); err == nil {
			// A link in PATH points into the folder that holds the rest.
			if real, err := filepath.EvalSymlinks(path); err == nil && complete(filepath.Dir(real)) {
				return filepath.Dir(real), nil
			}
		}
	}
	var found []string
	for _, pattern := range installed {
		dirs, err := filepath.Glob(pattern)
		if err != nil {
			return "", err
		}
		found = append(found, slices.DeleteFunc(dirs, func(d string) bool { return !complete(d) })...)
	}
	if len(found) == 0 {
		return "", errNoBinaries
	}
	return slices.MaxFunc(found, func(a, b string) int { return version(a) - version(b) }), nil
}

func complete(dir string) bool {
	for _, name := range []string{"initdb", "postgres"} {
		if info, err := os.Stat(filepath.Join(dir, name)); err != nil || info.IsDir() {
			return false
		}
	}
	return true
}

var digits = regexp.MustCompile(`[0-9]+`)

// version reads the major version out of a folder's name; 0 when there is none.
func version(dir string) int {
	n, err := strconv.Atoi(digits.FindString(dir))
	if err != nil {
		return 0
	}
	return n
}
