#!/usr/bin/env bash
# Write requirements*.txt: pinned, with the hashes of every platform, without naming any index.
# One resolution of everything comes first; each file is then cut from it, so that no two files disagree.
# Versions already pinned are kept; `./requirements-compile.sh --upgrade` moves them.
set -euo pipefail
cd "$(dirname "$0")"

uv="${UV:-uv}"
everything="$(mktemp)"
trap 'rm -f "$everything" "$everything.build"' EXIT

resolve() {
    "$uv" pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
        --no-header --no-emit-index-url --no-emit-find-links --no-annotate "$@" >/dev/null
}

printf 'hatchling\nsetuptools\nwheel\n' > "$everything.build"
# uv reads the versions to keep from the file it is about to write.
{ grep -hs '==' requirements*.txt || true; } | sed 's/ *\\$//' | sort -u > "$everything"
resolve pyproject.toml "$everything.build" --all-extras -o "$everything" "$@"

cut_file() {
    local file="$1"; shift
    resolve "$@" -c "$everything" -o "$file.new" --upgrade
    { echo "# Written by \`make requirements\`: hashes of every platform, no index named."; cat "$file.new"; } > "$file"
    rm "$file.new"
}

cut_file requirements-build.txt "$everything.build"
cut_file requirements.txt pyproject.toml --extra charts --extra site
cut_file requirements-test.txt pyproject.toml --extra charts --extra site --extra test
cut_file requirements-lint.txt pyproject.toml --extra charts --extra site --extra test --extra postgres --extra lint
cut_file requirements-slow.txt pyproject.toml --extra charts --extra site --extra test --extra postgres --extra browser --extra spark
