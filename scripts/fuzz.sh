#!/usr/bin/env bash
# Runs every fuzz target of the module for FUZZTIME (default 60s), one after the other.
set -euo pipefail
cd "$(dirname "$0")/.."

echo '== ./bpmn TestMutations: 200,000 spoiled files'
TALLYSTICK_MUTATIONS=200000 go test -run '^TestMutations$' -count 1 -v ./bpmn

count=0
while IFS=: read -r file target; do
	count=$((count + 1))
	printf '== %s %s\n' "$(dirname "$file")" "$target"
	go test -run '^$' -fuzz "^$target\$" -fuzztime "${FUZZTIME:-60s}" -fuzzminimizetime 20x "$(dirname "$file")"
done < <(grep -rEo --include='*_test.go' '^func Fuzz[A-Za-z0-9_]*' . | sed 's/func //' | sort)
if [ "$count" -eq 0 ]; then
	echo 'no fuzz target found' >&2
	exit 1
fi
printf '%d fuzz targets, %s each: no failure\n' "$count" "${FUZZTIME:-60s}"
