#!/usr/bin/env bash
# Runs a pinned Go tool: scripts/tool.sh <module path>@<version> <name> [arguments].
# It is built once into bin/tools. When it cannot be had (no network), that is said loudly and is
# no failure; what the tool finds is one.
set -euo pipefail
cd "$(dirname "$0")/.."

source=$1 name=$2
shift 2
tool=bin/tools/$name-${source##*@}
if [ ! -x "$tool" ]; then
	mkdir -p bin/tools
	if ! GOBIN="$PWD/bin/tools" go install "$source"; then
		printf '\n## NOT RUN: %s. %s could not be fetched or built here.\n\n' "$name" "$source" >&2
		exit 0
	fi
	mv "bin/tools/$name" "$tool"
fi
exec "$tool" "$@"
