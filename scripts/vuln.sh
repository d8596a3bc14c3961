#!/usr/bin/env bash
# Looks for known vulnerabilities that the code can reach. The database is on the network; where it
# does not answer, that is said loudly and is no failure.
set -uo pipefail
cd "$(dirname "$0")/.."

report=$(scripts/tool.sh golang.org/x/vuln/cmd/govulncheck@v1.9.0 govulncheck ./... 2>&1)
status=$?
printf '%s\n' "$report"
if [ $status -ne 0 ] && grep -qE 'fetching vulnerabilities|dial tcp|no such host|i/o timeout|connection refused' <<<"$report"; then
	printf '\n## NOT RUN: the vulnerability check. Its database does not answer from here.\n\n' >&2
	exit 0
fi
exit $status
