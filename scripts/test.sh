#!/usr/bin/env bash
# Runs the Go tests with everything this machine can give them. The store and the whole program are
# tested on SQLite always and on PostgreSQL when its server programs are here; where they are
# missing and may be installed (Debian or Ubuntu, root or sudo without a password), they are.
#
#   RACE=1                       with the race detector (needs a C compiler)
#   PKG="./store/... ./host"     only these packages
#   TEST_POSTGRES="postgres://…" use this server; databases are created and dropped on it
#   TALLYSTICK_INSTALL=0         install nothing
set -euo pipefail
cd "$(dirname "$0")/.."

banner() {
	local rule='########################################################################'
	printf '\n%s\n' "$rule" >&2
	printf '## %s\n' "$@" >&2
	printf '%s\n\n' "$rule" >&2
}

# The same places in which internal/pgtest looks.
have_postgres() {
	if [ -n "${TEST_POSTGRES:-}" ]; then return 0; fi
	local initdb
	initdb=$(command -v initdb || true)
	local candidate
	for candidate in "$(command -v postgres || true)" "${initdb:+$(readlink -f "$initdb" 2>/dev/null || echo "$initdb")}" \
		/usr/lib/postgresql/*/bin/postgres /usr/pgsql-*/bin/postgres \
		/opt/homebrew/opt/postgresql@*/bin/postgres /usr/local/opt/postgresql@*/bin/postgres; do
		if [ -n "$candidate" ] && [ -x "$(dirname "$candidate")/initdb" ] && [ -x "$(dirname "$candidate")/postgres" ]; then
			return 0
		fi
	done
	return 1
}

install_postgres() {
	if [ "${TALLYSTICK_INSTALL:-1}" = 0 ] || ! command -v apt-get >/dev/null; then return 1; fi
	local root=()
	if [ "$(id -u)" -ne 0 ]; then
		if ! command -v sudo >/dev/null || ! sudo -n true 2>/dev/null; then return 1; fi
		root=(sudo -n)
	fi
	banner "PostgreSQL is not on this machine: installing the package postgresql." \
		"TALLYSTICK_INSTALL=0 make test leaves the machine as it is."
	"${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get update -q >&2 &&
		"${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends postgresql >&2
}

if have_postgres || { install_postgres && have_postgres; }; then
	export TALLYSTICK_REQUIRE_POSTGRES=1
else
	banner "NOT RUN: the tests on PostgreSQL (store, host and whole program)." \
		"They run by themselves once the server programs are installed, for example" \
		"    apt-get install postgresql" \
		"or with TEST_POSTGRES=postgres://user:password@host/database make test"
fi

flags=(-timeout 20m)
if [ "${RACE:-0}" = 1 ]; then
	if command -v "$(go env CC)" >/dev/null; then
		flags+=(-race)
		export CGO_ENABLED=1
	else
		banner "NOT RUN: the race detector. It needs a C compiler, for example" "    apt-get install gcc libc6-dev"
	fi
fi

read -r -a packages <<<"${PKG:-./...}"
exec go test "${flags[@]}" "${packages[@]}"
