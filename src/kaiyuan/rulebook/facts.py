"""The fact dictionary: what each fact is called, what type and unit it has, and who may see it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from kaiyuan.errors import RuleError
from kaiyuan.rulebook.width import label_key

FactType = Literal["money", "number", "ratio", "integer", "boolean", "category", "text", "date"]
Period = Literal["year", "moment"]
Privacy = Literal["public", "internal", "confidential", "personal"]

NUMERIC_TYPES: frozenset[str] = frozenset({"money", "number", "ratio", "integer"})


@dataclass(frozen=True)
class CategoryValue:
    """One word a category fact may take; the Chinese word is what tables hold."""

    zh: str
    en: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class FactDefinition:
    """One fact: its names, type, unit, period and class of privacy."""

    name: str
    zh: str
    en: str
    type: FactType
    unit: str | None = None
    period: Period = "moment"
    privacy: Privacy = "internal"
    values: tuple[CategoryValue, ...] = ()
    aliases: tuple[str, ...] = ()
    note_zh: str = ""
    note_en: str = ""
    decimals: int = 4
    pack: str = ""

    @property
    def numeric(self) -> bool:
        """Tell whether arithmetic makes sense on this fact."""
        return self.type in NUMERIC_TYPES

    def column(self, *, lag: int = 0) -> str:
        """Give the column of the canonical table that holds this fact `lag` years before the base year."""
        return self.name if lag == 0 else f"{self.name}__{lag}"

    def category(self, text: str) -> str | None:
        """Give the canonical word for `text` (a word, its English name or an alias), or None."""
        key = label_key(text)
        for value in self.values:
            if key in (label_key(value.zh), label_key(value.en), *map(label_key, value.aliases)):
                return value.zh
        return None

    def label(self, *, lang: str = "zh") -> str:
        """Give the label in Chinese (`zh`) or English (`en`)."""
        return self.zh if lang == "zh" else self.en


class FactDictionary(Mapping[str, FactDefinition]):
    """Every fact of the loaded packs, found by ASCII name, Chinese label or alias."""

    def __init__(self, definitions: Iterable[FactDefinition] = ()) -> None:
        self._by_name: dict[str, FactDefinition] = {}
        self._by_key: dict[str, FactDefinition] = {}
        for definition in definitions:
            self._add(definition)

    def _add(self, definition: FactDefinition) -> None:
        if definition.name in self._by_name:
            raise RuleError(
                "this fact is defined twice",
                text=definition.name,
                remedy=f"Keep one definition (packs {self._by_name[definition.name].pack!r} "
                f"and {definition.pack!r}) or give the other fact a name of its own",
            )
        for word in (definition.name, definition.zh, *definition.aliases):
            other = self._by_key.setdefault(label_key(word), definition)
            if other is not definition:
                raise RuleError(
                    f"the label belongs to two facts, {other.name} and {definition.name}",
                    text=word,
                    remedy="Give each fact a label and aliases of its own",
                )
        self._by_name[definition.name] = definition

    def __getitem__(self, name: str) -> FactDefinition:
        return self._by_name[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._by_name)

    def __len__(self) -> int:
        return len(self._by_name)

    def find(self, text: str) -> FactDefinition | None:
        """Give the fact called `text` by name, Chinese label or alias, whatever the width, or None."""
        return self._by_key.get(label_key(text))

    def suggestions(self, text: str) -> tuple[str, ...]:
        """Give up to three labels or names that look like `text`."""
        matches = get_close_matches(label_key(text), self._by_key, n=3, cutoff=0.5)
        return tuple(dict.fromkeys(self._by_key[match].zh for match in matches))

    def merged(self, other: FactDictionary) -> FactDictionary:
        """Give one dictionary of both; a name or label that stands in both is refused."""
        return FactDictionary([*self.values(), *other.values()])
