"""Write the documents that would otherwise drift from the code.

`make docs` writes them, `make docs-check` and `tests/test_docs.py` compare. Each document is one function
that gives its whole text from the code or the packs; nothing depends on the day, the machine or the user.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Collection, Iterator
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import typer
import typer.main

from kaiyuan.cli.main import app
from kaiyuan.packs import load_packs
from kaiyuan.rulebook.yaml import cases_json_schema, facts_json_schema, pack_json_schema, rulebook_json_schema
from kaiyuan.site.env import VARIABLES

ROOT = Path(__file__).resolve().parent.parent

# The dictionary and the rules are listed for the packs that the project ships.
PACKS = ("national", "demo")


def command_reference() -> str:
    """Give the reference of the command line, every command with its help as it prints it."""
    parts = [
        "# The command line",
        "",
        "Written by `make docs` from the commands themselves. Exit codes: 0 done · 1 a check failed · 2 the input or the",
        "command cannot be used · 3 a fault of the program.",
    ]
    for path, command in commands():
        context = typer.Context(
            command, info_name=" ".join(("kaiyuan", *path)), terminal_width=96, color=False
        )
        parts += [
            "",
            f"## kaiyuan {' '.join(path)}",
            "",
            "```text",
            command.get_help(context).rstrip(),
            "```",
        ]
    return "\n".join(line.rstrip() for line in "\n".join(parts).split("\n")) + "\n"


def commands() -> Iterator[tuple[tuple[str, ...], Any]]:
    """Give every command with its path, groups walked in their own order."""

    def walk(path: tuple[str, ...], command: Any) -> Iterator[tuple[tuple[str, ...], Any]]:
        inner_commands = getattr(command, "commands", None)
        if inner_commands is not None:
            for name, inner in inner_commands.items():
                yield from walk((*path, name), inner)
        else:
            yield path, command

    yield from walk((), typer.main.get_command(app))


def command_paths() -> tuple[tuple[str, ...], ...]:
    """Give the path of every command and group, such as `("rules", "sql")` and `("rules",)`."""
    paths = [path for path, _ in commands()]
    return tuple(dict.fromkeys([*paths, *(path[:-1] for path in paths if len(path) > 1)]))


def schema(of: Callable[[], dict[str, Any]]) -> Callable[[], str]:
    """Give a writer of a JSON Schema."""
    return lambda: json.dumps(of(), ensure_ascii=False, indent=2) + "\n"


def fact_reference() -> str:
    """Give the fact dictionary as tables, a pack each."""
    rules = load_packs(PACKS)
    parts = [
        "# The fact dictionary 事实字典",
        "",
        "Written by `make docs` from `packs/*/facts.yaml`. A rule may call a fact by its name, its Chinese label or an",
        "alias.",
    ]
    for pack in PACKS:
        facts = [fact for fact in rules.facts.values() if fact.pack == pack]
        parts += [
            "",
            f"## {pack} ({len(facts)})",
            "",
            "| label | name | English | type | unit | period | class |",
        ]
        parts.append("|---|---|---|---|---|---|---|")
        for f in facts:
            kind = f.type if not f.values else f"{f.type}: {'、'.join(value.zh for value in f.values)}"
            parts.append(
                f"| {f.zh} | `{f.name}` | {f.en} | {kind} | {f.unit or ''} | {f.period} | {f.privacy} |"
            )
    return "\n".join(parts) + "\n"


def rule_reference() -> str:
    """Give every assessment in every dated version, with its document."""
    rules = load_packs(PACKS)
    parts = [
        "# The rules 规则目录",
        "",
        "Written by `make docs` from `packs/*/rulebooks`. «off» marks what ships switched off.",
        "",
        "| id | title | document | clause | in force | confidence |",
        "|---|---|---|---|---|---|",
    ]
    for book in rules.rulebooks:
        for a in book.assessments:
            window = a.window.within(book.window)
            force = f"{window.start or ''} – {window.end or ''}".strip()
            off = "" if a.enabled else " · off"
            parts.append(
                f"| `{a.id}`{off} | {a.title.zh} · {a.title.en} | 《{a.document.title}》{a.document.number} | {a.clause} | "
                f"{force} | {a.confidence} |"
            )
    return "\n".join(parts) + "\n"


def settings_reference() -> str:
    """Give every variable that the site reads from its environment."""
    parts = [
        "# Settings of the site 站点设置",
        "",
        "Written by `make docs` from `src/kaiyuan/site/env.py`. The site reads these variables and nothing else;",
        "what does not differ between installations stands in `src/kaiyuan/site/settings.py`. A value that cannot be",
        "used is refused with one sentence.",
        "",
        "| variable | if not set | for | 用途 |",
        "|---|---|---|---|",
    ]
    for each in VARIABLES:
        default = f"`{each.default}`" if each.default else ""
        parts.append(f"| `{each.name}` | {default} | {each.en} | {each.zh} |")
    return "\n".join(parts) + "\n"


# Run in a process of its own: the site is set up once a process, and the tests have theirs.
API = """
from kaiyuan.cli.site_setup import set_up
set_up(mode="test")
import json
from kaiyuan.site.api import api
from kaiyuan.site.problems import PROBLEMS
words = lambda pair: {"zh": pair.zh, "en": pair.en}
problems = [{"name": each.name, "status": each.status, "title": words(each.title), "remedy": words(each.remedy)}
            for each in PROBLEMS]
print(json.dumps({"openapi": api.get_openapi_schema(path_prefix="/api/v1/"), "problems": problems}))
"""


@cache
def api_description() -> dict[str, Any]:
    """Give the description of the API and its list of problems."""
    with TemporaryDirectory() as folder:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("KAIYUAN_")} | {
            "KAIYUAN_DATA": folder, "PYTHONPATH": str(ROOT / "src"), "KAIYUAN_LOG_LEVEL": "ERROR"
        }  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-c", API], env=environment, capture_output=True, text=True, check=True, encoding="utf-8"
        )  # fmt: skip
    found: dict[str, Any] = json.loads(done.stdout)
    return found


def openapi() -> str:
    """Give the OpenAPI description of the API; a change of it is seen in review."""
    return json.dumps(api_description()["openapi"], ensure_ascii=False, indent=1) + "\n"


def problem_reference() -> str:
    """Give every way in which the API refuses."""
    parts = [
        "# How the API refuses 接口的拒绝",
        "",
        "Written by `make docs` from `src/kaiyuan/site/problems.py`. Every refusal is `application/problem+json`",
        "(RFC 9457) in the language of `Accept-Language`; its `type` is `/api/v1/docs/#` and the name below.",
        "`errors` lists what is wrong in a request: `pointer` (where), `detail` (what), `remedy` (what to do).",
        "`changes` lists what somebody else changed: `name`, `label`, `now`, `by`, `at`.",
        "",
        "| status | name | meaning | 含义 | what to do | 怎么办 |",
        "|---|---|---|---|---|---|",
    ]
    for each in api_description()["problems"]:
        title, remedy = each["title"], each["remedy"]
        parts.append(
            f"| {each['status']} | `{each['name']}` | {title['en']} | {title['zh']} | {remedy['en']} | {remedy['zh']} |"
        )
    return "\n".join(parts) + "\n"


# Files that the tour reads get one date, so that the record of their facts is the same everywhere.
TOUR_FILES = ("docs/tour.csv",)
TOUR_DAY = datetime(2026, 11, 20, 12, tzinfo=UTC).timestamp()
TOUR_WIDTH = "100"


def tour() -> str:
    """Give the tour: its template with every command run, in a folder of its own."""
    template = (ROOT / "docs" / "tour.template").read_text(encoding="utf-8")
    with TemporaryDirectory() as name:
        folder = Path(name)
        for file in TOUR_FILES:
            copy = folder / file
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / file, copy)
            os.utime(copy, (TOUR_DAY, TOUR_DAY))
        return re.sub(
            r"\{\{ (run|file) (.+?) \}\}", lambda found: _shown(found[1], found[2], folder), template
        )


def _shown(kind: str, text: str, folder: Path) -> str:
    if kind == "file":
        file, lines = text.rsplit(" ", 1)
        return "\n".join((folder / file).read_text(encoding="utf-8-sig").splitlines()[: int(lines)])
    command, _, lines = text.partition(" | ")
    environment = os.environ | {
        "COLUMNS": TOUR_WIDTH,
        "NO_COLOR": "1",
        "PYTHONPATH": str(ROOT / "src"),
        "TZ": "UTC",
    }
    done = subprocess.run(
        [sys.executable, "-m", "kaiyuan.cli.main", *shlex.split(command)],
        cwd=folder, env=environment, capture_output=True, text=True, check=True, encoding="utf-8",
    )  # fmt: skip
    shown = [line.rstrip() for line in done.stdout.strip("\n").splitlines()]
    if lines:
        shown = [*shown[: int(lines)], "…"] if len(shown) > int(lines) else shown
    return "\n".join(shown)


DOCUMENTS: dict[str, Callable[[], str]] = {
    "docs/tour.md": tour,
    "docs/cli.md": command_reference,
    "docs/facts.md": fact_reference,
    "docs/rules.md": rule_reference,
    "docs/settings.md": settings_reference,
    "docs/api/openapi.json": openapi,
    "docs/api/problems.md": problem_reference,
    "docs/schema/rulebook.schema.json": schema(rulebook_json_schema),
    "docs/schema/cases.schema.json": schema(cases_json_schema),
    "docs/schema/facts.schema.json": schema(facts_json_schema),
    "docs/schema/pack.schema.json": schema(pack_json_schema),
}


def stale(*, without: Collection[str] = ()) -> list[str]:
    """Give the generated documents that differ from what would be written now, but for those left out."""
    found = []
    for name, write in DOCUMENTS.items():
        if name in without:
            continue
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
