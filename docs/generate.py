"""Write the documents that would otherwise drift from the code.

`make docs` writes them, `make docs-check` and `tests/test_docs.py` compare. Each document is one function
that gives its whole text from the code or the packs; nothing depends on the day, the machine or the user.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent

DOCUMENTS: dict[str, Callable[[], str]] = {}


def command_paths() -> tuple[tuple[str, ...], ...]:
    """Give the path of every command, such as `("rules", "sql")`."""
    return ()


def stale() -> list[str]:
    """Give the generated documents that differ from what would be written now."""
    found = []
    for name, write in DOCUMENTS.items():
        path = ROOT / name
        if not path.exists() or path.read_text(encoding="utf-8") != write():
            found.append(name)
    return found


def main(arguments: list[str]) -> int:
    """Write every document, or with `--check` only say which are stale."""
    if arguments == ["--check"]:
        behind = stale()
        for name in behind:
            print(f"{name} is not up to date; run `make docs`", file=sys.stderr)
        return 1 if behind else 0
    for name, write in DOCUMENTS.items():
        path = ROOT / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(write(), encoding="utf-8")
        print(name)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
