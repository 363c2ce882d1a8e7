#!/usr/bin/env bash
# Write the peers' requirements-*.txt from the versions named here: pinned, with hashes, naming no index.
# Maintainers only, needs uv.
set -euo pipefail
cd "$(dirname "$0")"

pin() {
    local name="$1"; shift
    {
        echo "# Written by \`bench/requirements-compile.sh\`: hashes of every platform, no index named."
        printf '%s\n' "$@" | "${UV:-uv}" pip compile --quiet --universal --python-version 3.11 --fork-strategy fewest --generate-hashes \
            --no-header --no-annotate --no-emit-index-url --no-emit-find-links -
    } > "requirements-$name.txt"
}

pin openfisca openfisca-core==46.0.1 pyarrow==26.0.1
pin zen zen-engine==2.1.3 pyarrow==26.0.1
pin polars polars==2.1.0
