"""Where packs are: in the installed package, in the checkout, or in a folder that is named."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.resources import files
from pathlib import Path

from kaiyuan.errors import PackError
from kaiyuan.rulebook.model import Words
from kaiyuan.rulebook.yaml.schema_cases import PackModel
from kaiyuan.rulebook.yaml.sources import open_source, validated

PACK_FILE = "pack.yaml"


@dataclass(frozen=True)
class Pack:
    """What a pack says of itself."""

    name: str
    path: Path
    title: Words
    version: str
    licence: str
    authority: Words
    requires: tuple[str, ...] = ()
    demo: bool = False


def find_packs(*, beside: Iterable[Path] = ()) -> dict[str, Path]:
    """Give the folder of every pack by its name.

    The packs shipped in the installed package come first, then those at the root of a checkout, then those in
    the folders `beside`; the first of a name counts.
    """
    checkout = Path(__file__).resolve().parents[3] / "packs"
    shipped = Path(str(files("kaiyuan"))) / "_packs"
    found: dict[str, Path] = {}
    for place in (shipped, checkout, *beside):
        for folder in sorted(place.iterdir()) if place.is_dir() else ():
            if (folder / PACK_FILE).is_file():
                found.setdefault(folder.name, folder)
    return found


def locate(name_or_path: str | Path, *, beside: Iterable[Path] = ()) -> Path:
    """Give the folder of a pack called by name or path; raise `PackError` when there is none."""
    text = str(name_or_path)
    found = find_packs(beside=beside)
    if isinstance(name_or_path, str) and text in found:
        return found[text]
    folder = Path(text)
    if folder.is_dir():
        return folder
    close = get_close_matches(text, found, n=1)
    hint = f"Did you mean {close[0]}? " if close else ""
    known = ", ".join(found) or "none"
    raise PackError(
        "no pack has this name, and no folder has this path",
        text=text,
        remedy=f"{hint}Known packs: {known}; a folder with a {PACK_FILE} is a pack too",
    )


def read_pack(name_or_path: str | Path, *, beside: Iterable[Path] = ()) -> Pack:
    """Read what a pack says of itself; raise `PackError` or `RuleError` when that is not acceptable."""
    folder = locate(name_or_path, beside=beside)
    path = folder / PACK_FILE
    if not path.is_file():
        raise PackError(
            f"the folder has no {PACK_FILE}",
            file=shown(folder),
            remedy=f"Add {PACK_FILE} with pack, title, version, licence and authority",
        )
    source = open_source(path, file=shown(path))
    model = validated(PackModel, source)
    if model.pack != folder.resolve().name:
        raise PackError(
            f"the pack and its folder {folder.resolve().name} have different names",
            file=source.file,
            line=source.line(("pack",)),
            text=model.pack,
            remedy="Give both one name",
        )
    return Pack(
        name=model.pack,
        path=folder,
        title=Words(model.title.zh, model.title.en or ""),
        version=model.version,
        licence=model.licence,
        authority=Words(model.authority.zh, model.authority.en or ""),
        requires=tuple(model.requires),
        demo=model.demo,
    )


def shown(path: Path) -> str:
    """Give a path as messages show it: relative to where the command runs, if it lies below."""
    try:
        return str(path.resolve().relative_to(Path.cwd()))
    except ValueError:
        return str(path)
