"""What every part of the reader shares: the file, its faults, the dictionary and the parameters' types."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Protocol

from kaiyuan.errors import RuleError
from kaiyuan.rulebook.expression import ParameterType, parse_expression, parse_value
from kaiyuan.rulebook.expression import terms as t
from kaiyuan.rulebook.facts import FactDictionary
from kaiyuan.rulebook.model import Place, Words
from kaiyuan.rulebook.units import NUMBER, Unit, unit
from kaiyuan.rulebook.yaml.faults import Faults
from kaiyuan.rulebook.yaml.nodes import Path, Source

# Stands in for an expression that was refused, so that the rest of the file is still checked.
REFUSED_CONDITION = t.Flag("", 0)
REFUSED_NUMBER = t.Number(Fraction(0))


class HasWords(Protocol):
    """Anything written with `zh` and `en`."""

    @property
    def zh(self) -> str | None: ...

    @property
    def en(self) -> str | None: ...


@dataclass
class Context:
    """One rulebook while it is being read."""

    source: Source
    faults: Faults
    facts: FactDictionary
    parameters: Mapping[str, ParameterType] = field(default_factory=dict)

    def place(self, path: Path) -> Place:
        """Give the place of the value at `path`."""
        return Place(self.source.file or "", self.source.key_line(path) or 0)

    def condition(self, text: str, path: Path, *, scores: Collection[str] = ()) -> t.Condition:
        """Parse a condition; a refusal is collected and a stand-in given."""
        try:
            return parse_expression(text, facts=self.facts, parameters=self.parameters, scores=scores)
        except RuleError as error:
            self.faults.add_expression(error, path)
            return REFUSED_CONDITION

    def value(self, text: str, path: Path, *, written: Unit | None = None) -> tuple[t.Numeric, Unit]:
        """Parse a number's expression into base units; a refusal is collected and a stand-in given."""
        try:
            return parse_value(text, facts=self.facts, parameters=self.parameters, written=written)
        except RuleError as error:
            self.faults.add_expression(error, path)
            return REFUSED_NUMBER, written or NUMBER

    def amount(self, content: Fraction | str, path: Path, *, written: Unit = NUMBER) -> t.Numeric:
        """Give a number written in unit `written`, or an expression of that dimension, in base units."""
        if isinstance(content, Fraction):
            return t.Number(content * written.factor)
        return self.value(content, path, written=written)[0]

    def money_unit(self, text: str, path: Path) -> Unit:
        """Give a unit of money; another unit is collected as a fault."""
        found = unit(text)
        if not found.money:
            self.faults.add("this is not a unit of money", path, text=text, remedy="Use 元, 万元 or 亿元")
            return unit("元")
        return found


def words(part: HasWords | None) -> Words:
    """Give the Chinese and English words of a part, empty when there is none."""
    return Words() if part is None else Words(part.zh or "", part.en or "")
