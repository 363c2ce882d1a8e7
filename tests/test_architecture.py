"""The habits of the house, kept by a machine: each test names what it forbids."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from functools import cache
from pathlib import Path

# The edges of the site, where a request comes in or a thread wakes: they may ask what time it is, and tell those below.
EDGES = {"pages", "api", "access", "api_access", "writes", "sending"}
ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "src" / "kaiyuan"
LONGEST_FILE = 400
# Faults that a room raises and catches itself, to add a place before anybody else sees them.
CAUGHT_AT_HOME = {"TypeFault"}
NAMELESS = {"utils", "util", "helpers", "helper", "common", "misc", "tools", "stuff"}

# Rooms from the bottom to the top; a room may import what stands before its own group.
GROUPS = (
    ("errors",),
    ("rulebook", "calculators"),
    ("packs", "sheets"),
    ("matching",),
    ("reports",),
    ("apps",),
    ("site",),
    ("cli",),
    ("__main__",),
)


@cache
def kept_files() -> tuple[Path, ...]:
    """Give the files of the repository, as git knows them; without git, those that are on disk."""
    listing = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    if listing.returncode == 0:
        paths = [ROOT / line for line in listing.stdout.splitlines()]
    else:
        paths = [
            path
            for folder in ("src", "tests", "bench", "docs", "packs")
            for path in (ROOT / folder).rglob("*")
        ]
    return tuple(sorted(path for path in paths if path.is_file() and "__pycache__" not in path.parts))


def code_files(*folders: str) -> list[Path]:
    """Give the Python files under the folders named."""
    roots = [ROOT / folder for folder in folders]
    return [
        path
        for path in kept_files()
        if path.suffix == ".py" and any(path.is_relative_to(root) for root in roots)
    ]


@cache
def tree(path: Path) -> ast.Module:
    """Parse one Python file."""
    return ast.parse(path.read_text(encoding="utf-8"), filename=str(path))


def imports(path: Path) -> list[tuple[int, str]]:
    """Give every module that a file imports, wherever the import stands, with its line."""
    found = []
    for node in ast.walk(tree(path)):
        if isinstance(node, ast.Import):
            found += [(node.lineno, name.name) for name in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            found += [(node.lineno, node.module)]
            found += [(node.lineno, f"{node.module}.{name.name}") for name in node.names]
    return found


def room_of(path: Path) -> str:
    """Give the room that a file of the package stands in; the package's own front has none."""
    inside = path.relative_to(PACKAGE)
    return "" if inside == Path("__init__.py") else inside.parts[0].removesuffix(".py")


def said(path: Path, line: int, what: str) -> str:
    """Word one finding so that an editor can jump to it."""
    return f"{path.relative_to(ROOT)}:{line}: {what}"


def test_every_room_has_a_line_in_the_contract():
    contract = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"]
    layers = next(each for each in contract["contracts"] if each["type"] == "layers")
    assert layers["exhaustive"] is True
    named = {name.strip(" ()") for layer in layers["layers"] for name in layer.split("|")}
    rooms = {room_of(path) for path in code_files("src/kaiyuan")} - {""}
    assert rooms <= named, f"rooms without a line in pyproject.toml: {sorted(rooms - named)}"
    assert named == {room for group in GROUPS for room in group}, "GROUPS above and pyproject.toml differ"


def test_rooms_point_one_way():
    level = {room: height for height, group in enumerate(GROUPS) for room in group}
    found = []
    for path in code_files("src/kaiyuan"):
        room = room_of(path)
        for line, module in imports(path):
            parts = module.split(".")
            if (
                not room
                or parts[0] != "kaiyuan"
                or len(parts) < 2
                or parts[1] not in level
                or parts[1] == room
            ):
                continue
            if level[parts[1]] >= level[room]:
                found.append(said(path, line, f"{room} may not import {module}"))
    assert not found, "\n".join(found)


def test_no_file_that_people_write_is_longer_than_four_hundred_lines():
    """Code is split by subject; a rulebook by document, or its cases move to <name>.cases.yaml beside it."""
    long = {
        str(path.relative_to(ROOT)): lines
        for path in kept_files()
        if path.suffix in {".py", ".sh", ".yaml", ".yml", ".js", ".css"}
        and (lines := len(path.read_text(encoding="utf-8").splitlines())) > LONGEST_FILE
    }
    assert not long


def test_every_module_is_named_after_a_subject():
    nameless = [
        str(path.relative_to(ROOT))
        for path in code_files("src", "tests", "bench", "docs")
        if NAMELESS & {part.removesuffix(".py") for part in path.relative_to(ROOT).parts}
    ]
    assert not nameless, f"say what it holds: {nameless}"


def is_edge(path: Path) -> bool:
    """Tell whether a file is one of the site's edges, or lies in a folder that is."""
    inside = path.relative_to(PACKAGE).parts
    return inside[0] in {"apps", "site"} and any(part.removesuffix(".py") in EDGES for part in inside)


def test_nothing_below_the_edges_reads_the_clock():
    clocks = {"today", "now", "utcnow", "gmtime", "localdate"}
    found = []
    for path in code_files("src/kaiyuan"):
        if room_of(path) in {"cli", "__main__"} or is_edge(path) or "migrations" in path.parts:
            continue
        for node in ast.walk(tree(path)):
            if not (isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)):
                continue
            owner = node.func.value
            owner_name = ast.unparse(owner).split(".")[-1]
            if node.func.attr in clocks or (owner_name == "time" and node.func.attr == "time"):
                found.append(
                    said(path, node.lineno, f"{owner_name}.{node.func.attr}() reads the clock; take `on`")
                )
    assert not found, "\n".join(found)


def test_the_terminal_belongs_to_the_command_line():
    found = []
    for path in code_files("src/kaiyuan"):
        if room_of(path) in {"cli", "__main__"}:
            continue
        found += [
            said(path, line, f"imports {module}; only kaiyuan.cli speaks to a terminal")
            for line, module in imports(path)
            if module.split(".")[0] in {"typer", "rich", "click"}
        ]
        found += [
            said(path, node.lineno, "prints; give the text back instead")
            for node in ast.walk(tree(path))
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "print"
        ]
    assert not found, "\n".join(found)


def test_the_library_needs_no_web_framework():
    found = [
        said(path, line, f"imports {module}")
        for path in code_files("src/kaiyuan")
        if room_of(path) not in {"apps", "site", "cli"}
        for line, module in imports(path)
        if module.split(".")[0] in {"django", "ninja", "flask", "fastapi"}
    ]
    assert not found, "\n".join(found)


def test_an_act_of_ours_is_a_call_never_a_signal():
    found = [
        said(path, line, f"imports {module}")
        for path in code_files("src/kaiyuan")
        for line, module in imports(path)
        if {"signals", "dispatch"} & set(module.split("."))
    ]
    assert not found, "\n".join(found)


def test_nothing_a_rule_says_is_run_as_code():
    dangerous = {"eval", "exec", "compile", "__import__"}
    found = [
        said(path, node.lineno, f"calls {node.func.id}()")
        for path in code_files("src/kaiyuan")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in dangerous
    ]
    found += [
        said(path, line, f"imports {module}")
        for path in code_files("src/kaiyuan")
        for line, module in imports(path)
        if module.split(".")[0] in {"pickle", "marshal", "shelve"}
    ]
    assert not found, "\n".join(found)


def test_no_error_is_swallowed_whole():
    found = []
    for path in code_files("src/kaiyuan"):
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ExceptHandler):
                caught = ast.unparse(node.type) if node.type else "everything"
                silent = all(isinstance(each, ast.Pass) for each in node.body)
                if caught in {"everything", "BaseException"} or (caught == "Exception" and silent):
                    found.append(said(path, node.lineno, f"catches {caught}"))
    assert not found, "\n".join(found)


def test_every_refusal_made_on_purpose_has_one_base():
    bases = {
        node.name: {ast.unparse(base).split(".")[-1] for base in node.bases}
        for path in code_files("src/kaiyuan")
        for node in ast.walk(tree(path))
        if isinstance(node, ast.ClassDef)
    }
    known = {"KaiyuanError"}
    while True:
        more = {name for name, parents in bases.items() if parents & known} - known
        if not more:
            break
        known |= more
    builtin = {"Exception", "ValueError", "TypeError", "RuntimeError", "KeyError", "LookupError", "OSError"}
    strangers = {name for name, parents in bases.items() if parents & builtin} - CAUGHT_AT_HOME
    assert not strangers - known, f"derive from kaiyuan.errors.KaiyuanError: {sorted(strangers - known)}"


def test_public_functions_take_keywords_beyond_three_arguments():
    found = []
    for path in code_files("src/kaiyuan"):
        if room_of(path) in {"cli", "__main__"}:
            continue
        for node in tree(path).body:
            if isinstance(node, ast.FunctionDef) and not node.name.startswith("_"):
                positional = len(node.args.posonlyargs) + len(node.args.args)
                if positional > 3:
                    found.append(
                        said(path, node.lineno, f"{node.name} takes {positional} arguments by position")
                    )
    assert not found, "\n".join(found)


def test_nothing_is_left_open_in_the_code():
    folders = (ROOT / "src", ROOT / "packs")
    open_ends = re.compile("|".join(["TO" + "DO", "FIX" + "ME", "XX" + "X\\b", "NotImplemented" + "Error"]))
    found = [
        said(path, number, line.strip())
        for path in kept_files()
        if path.suffix in {".py", ".yaml", ".md"} and any(path.is_relative_to(folder) for folder in folders)
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if open_ends.search(line)
    ]
    assert not found, "\n".join(found)


def test_no_test_is_switched_off():
    switched_off = re.compile(r"pytest\.mark\.(skip|xfail)\b|assert " + "True\\b")
    found = [
        said(path, number, line.strip())
        for path in code_files("tests")
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if switched_off.search(line)
    ]
    assert not found, "\n".join(found)


def test_requirements_are_pinned_with_hashes_and_name_no_index():
    files = [path for path in kept_files() if path.name.startswith("requirements") and path.suffix == ".txt"]
    assert len(files) >= 5
    for path in files:
        text = path.read_text(encoding="utf-8")
        assert "://" not in text and "--index" not in text and "--find" not in text, (
            f"{path.name} names an index"
        )
        entries = re.split(r"\n(?=[A-Za-z0-9])", re.sub(r"^#.*\n", "", text, flags=re.M).strip())
        unpinned = [
            entry.splitlines()[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry
        ]
        assert not unpinned, f"{path.name}: {unpinned}"


def test_requirements_agree_on_every_version():
    pins: dict[str, set[str]] = {}
    for path in ROOT.glob("requirements*.txt"):
        for name, version in re.findall(
            r"^([A-Za-z0-9._-]+)==([^ ;\\]+)", path.read_text(encoding="utf-8"), re.M
        ):
            pins.setdefault(name, set()).add(version)
    assert {name: versions for name, versions in pins.items() if len(versions) > 1} == {}
