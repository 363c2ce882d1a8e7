"""Which column of a file gives which fact of which year, in which unit — and why the others are left out."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from kaiyuan.errors import InputError
from kaiyuan.rulebook.facts import FactDefinition, FactDictionary
from kaiyuan.rulebook.width import label_key
from kaiyuan.sheets.header_text import HeaderText
from kaiyuan.sheets.header_words import SOURCE_LINE, SUBJECT, SUBJECT_NAME, HeaderIndex, How, Understood
from kaiyuan.sheets.mapping import ColumnMapping, MappedColumn
from kaiyuan.sheets.measures import Measure, fact_measure, scale_to_stored
from kaiyuan.sheets.wording import Wording, letter

# Remarks in brackets that leave a quantity what it is. Beside a number with a unit any other word might be a
# unit nobody here knows, and the column is left out.
_HARMLESS = re.compile(
    r"^(必填|选填|可填|如有|不含税|合并|合并报表|期末|年末|年底|经审计|审计数|汇算口径|统计口径|税务口径|保留.{1,3}位小数|"
    r"填数字|数字|没有.{0,2}填0|无则填0|全口径|含税|现价|实际|有效|required|optional)$"
)


@dataclass(frozen=True)
class ColumnMatch:
    """One column of the file and what it was taken for.

    `fact` is a fact's name, `subject`, `subject_name`, or None where the column is not used. A figure without a
    unit of its own is multiplied by `scale` to give what the table stores (fen for money). `any_id` says that a
    column of identifiers may hold others than credit codes.
    """

    position: int
    header: str
    fact: str | None = None
    definition: FactDefinition | None = None
    lag: int = 0
    year: int | None = None
    unit: str | None = None
    unit_said: bool = False
    scale: Fraction = Fraction(1)
    how: How = "unmapped"
    any_id: bool = False
    notes: tuple[Wording, ...] = ()

    @property
    def letter(self) -> str:
        """Give the letter a sheet program shows over the column."""
        return letter(self.position)

    @property
    def column(self) -> str | None:
        """Give the column of the canonical table that this one becomes, or None."""
        return self.definition.column(lag=self.lag) if self.definition else self.fact

    def noted(self, *, zh: str, en: str) -> ColumnMatch:
        """Give the same match with one more remark."""
        return replace(self, notes=(*self.notes, Wording(zh, en)))

    def left_out(self, *, zh: str, en: str) -> ColumnMatch:
        """Give the same column left out, with the reason."""
        empty = ColumnMatch(self.position, self.header, notes=self.notes)
        return empty.noted(zh=f"未采用：{zh}", en=f"left out: {en}")


@dataclass(frozen=True)
class TitleHints:
    """What the lines above the header say for every column: one unit of money, one year."""

    money: Measure | None = None
    year: int | None = None
    other_year: int | None = None


@dataclass(frozen=True)
class ColumnMatcher:
    """Matches the headers of one file against the dictionary, as of one day."""

    facts: FactDictionary
    index: HeaderIndex
    on: date
    mapping: ColumnMapping
    hints: TitleHints = TitleHints()

    @property
    def base_year(self) -> int:
        """Give the last complete year before the day of the decision."""
        return self.on.year - 1

    def match(self, headers: Sequence[tuple[str, ...]], *, file: str) -> tuple[ColumnMatch, ...]:
        """Give what each header was taken for.

        Raises InputError when two columns give the same fact of the same year, or the mapping names a fact or
        unit that does not exist.
        """
        columns, ranks, relatives = [], {}, {}
        for position, parts in enumerate(headers):
            shown = " ".join(" ".join(parts).split())
            column = ColumnMatch(position, shown)
            mapped = self.mapping.find(shown) or self.mapping.find(f"{letter(position)}列")
            if mapped is not None:
                columns.append(self._mapped(column, mapped))
                continue
            understood = self.index.understand(parts)
            if understood is None:
                columns.append(column)
                continue
            ranks[position] = understood.rank
            if understood.text.relative is not None:
                relatives[position] = (understood.target, understood.text.relative)
            columns.append(self._understood(column, understood))
        columns = _without_unclear_years(columns, relatives)
        columns = _newest_of_moment(columns)
        return _without_second_keys(columns, ranks, file)

    def _mapped(self, column: ColumnMatch, mapped: MappedColumn) -> ColumnMatch:
        if mapped.fact is None:
            return replace(column, how="ignored")
        target = self.index.target(mapped.fact)
        if target is None:
            similar = self.facts.suggestions(mapped.fact)
            raise InputError(
                "the mapping names a fact that no dictionary has",
                file=self.mapping.file,
                line=mapped.line,
                text=mapped.fact,
                remedy=f"Perhaps {'、'.join(similar)}"
                if similar
                else "`kaiyuan facts template` writes a workbook that names them all",
            )
        column = replace(column, how="mapping", fact=target, any_id=label_key(mapped.fact) == SUBJECT)
        if target not in self.facts:
            return column
        definition = self.facts[target]
        measure = fact_measure(definition, mapped.unit) if mapped.unit else None
        if mapped.unit and (measure is None or scale_to_stored(definition, measure) is None):
            raise InputError(
                f"the unit does not fit the fact {definition.zh} ({definition.unit or definition.type})",
                file=self.mapping.file,
                line=mapped.line,
                text=mapped.unit,
                remedy="Correct the unit of this header",
            )
        years = (mapped.year,) if mapped.year else ()
        return self._fact(column, definition, HeaderText(column.header, years=years, measure=measure))

    def _understood(self, column: ColumnMatch, understood: Understood) -> ColumnMatch:
        definition = None if understood.is_key else self.facts[understood.target]
        text = _with_own_unit(understood.text, definition) if definition else understood.text
        if changed := text.meaning_changed_by:
            return column.left_out(
                zh=f"“{changed}”改变了这个指标的含义", en=f"“{changed}” makes it another quantity"
            )
        column = replace(column, how=understood.how, fact=understood.target)
        if definition is None:
            # The table's own word promises no code; every label that people use does.
            return replace(column, any_id=understood.target == SUBJECT and understood.rank == 0)
        if definition.type == "number" and definition.unit:
            strange = next((remark for remark in text.remarks if not _HARMLESS.match(remark)), None)
            if strange:
                return column.left_out(
                    zh=f"括号里的“{strange}”可能是单位，无法识别",
                    en=f"“{strange}” may be a unit that is not known",
                )
        for remark in (*text.remarks, *text.headings):
            column = column.noted(zh=f"忽略了“{remark}”", en=f"“{remark}” was ignored")
        return self._fact(column, definition, text, lag=understood.lag)

    def _fact(
        self, column: ColumnMatch, definition: FactDefinition, text: HeaderText, lag: int | None = None
    ) -> ColumnMatch:
        column = replace(column, fact=definition.name, definition=definition)
        if lag is not None and definition.period != "year":
            return column.left_out(zh="这项事实不分年度", en="this fact has no years")
        if lag is not None:
            column = replace(column, lag=lag, year=self.base_year - lag)
        elif definition.period == "year":
            column = self._of_a_year(column, text)
        else:
            column = self._of_a_moment(column, text)
        return column if column.fact is None else self._measured(column, definition, text.measure)

    def _of_a_year(self, column: ColumnMatch, text: HeaderText) -> ColumnMatch:
        base = self.base_year
        if len(text.years) > 1:
            return column.left_out(zh="写有多个年份", en="it names several years")
        if text.years:
            year = text.years[0]
        elif text.relative is not None:
            year = self.on.year + text.relative
            if year <= base:
                column = column.noted(zh=f"按{year}年读取", en=f"read as {year}")
        elif self.hints.year is not None:
            year = self.hints.year
            column = column.noted(
                zh=f"没有写年份，按表题的{year}年读取", en=f"no year is given; the title says {year}"
            )
        else:
            year = base
            zh, en = f"没有写年份，按{base}年读取", f"no year is given; read as {base}"
            if self.hints.other_year is not None:
                zh += f"（表题写有{self.hints.other_year}年，请核对）"
                en += f" (the title names {self.hints.other_year}: please check)"
            column = column.noted(zh=zh, en=en)
        if year > base:
            return column.left_out(
                zh=f"{year}年在{self.on.isoformat()}尚不是完整年度",
                en=f"{year} is not complete on {self.on.isoformat()}",
            )
        return replace(column, lag=base - year, year=year)

    def _of_a_moment(self, column: ColumnMatch, text: HeaderText) -> ColumnMatch:
        year = max(text.years, default=None)
        if year is None and text.relative is not None:
            year = self.on.year + text.relative
        if year is None:
            return column
        if not self.base_year <= year <= self.on.year:
            return column.left_out(
                zh=f"这项事实以{self.on.isoformat()}为准，表中是{year}年",
                en=f"this fact holds on {self.on.isoformat()}, the column is of {year}",
            )
        return replace(column, year=year).noted(zh=f"按{year}年的数据读取", en=f"read as of {year}")

    def _measured(
        self, column: ColumnMatch, definition: FactDefinition, measure: Measure | None
    ) -> ColumnMatch:
        if not definition.numeric:
            return column
        said = measure is not None
        if measure is None and definition.type == "money" and self.hints.money is not None:
            measure, said = self.hints.money, True
            column = column.noted(
                zh=f"单位按表题“{measure.written}”", en=f"unit from the title: {measure.written}"
            )
        scale = scale_to_stored(definition, measure)
        if scale is None:
            assert measure is not None
            if measure.foreign:
                return column.left_out(zh="外币不折算", en="foreign currency is not converted")
            return column.left_out(
                zh=f"单位“{measure.written}”与{definition.zh}（{definition.unit or '比例'}）不符",
                en=f"the unit {measure.written} does not fit {definition.en} ({definition.unit or 'a ratio'})",
            )
        if not said and definition.type == "money":
            column = column.noted(
                zh=f"没有写单位，按{definition.unit}读取", en=f"no unit is given; read as {definition.unit}"
            )
        shown = measure.written if measure else definition.unit
        return replace(column, unit=shown, unit_said=said, scale=scale)


def _with_own_unit(text: HeaderText, definition: FactDefinition) -> HeaderText:
    """Take a bracket for the unit where it is the fact's own, which need be known nowhere else (P·月)."""
    for remark in text.remarks:
        if text.measure is None and definition.unit and label_key(remark) == label_key(definition.unit):
            rest = tuple(other for other in text.remarks if other != remark)
            return replace(text, measure=fact_measure(definition, remark), remarks=rest)
    return text


def _without_unclear_years(
    columns: list[ColumnMatch], relatives: dict[int, tuple[str, int]]
) -> list[ColumnMatch]:
    """Leave out 上年 columns that stand beside a 本年 column: nobody says which year 本年 is."""
    this_year = {target for target, relative in relatives.values() if relative == 0}
    return [
        column.left_out(
            zh="同时有“本年”和“上年”，不知本年是哪一年",
            en="本年 and 上年 stand together: which year is 本年?",
        )
        if column.fact in this_year and relatives.get(column.position, ("", 0))[1] < 0
        else column
        for column in columns
    ]


def _newest_of_moment(columns: list[ColumnMatch]) -> list[ColumnMatch]:
    newest: dict[str, int] = {}
    for column in columns:
        if column.definition and column.definition.period == "moment" and column.year:
            name = column.definition.name
            newest[name] = max(newest.get(name, 0), column.year)
    return [
        column.left_out(zh="另有更新一年的同一指标", en="a column of a later year gives the same fact")
        if column.year and column.definition and column.year < newest.get(column.definition.name, 0)
        else column
        for column in columns
    ]


def _without_second_keys(
    columns: list[ColumnMatch], ranks: dict[int, int], file: str
) -> tuple[ColumnMatch, ...]:
    """Keep the best column for code and name; refuse two columns for one fact."""
    taken: dict[str, ColumnMatch] = {}
    result = list(columns)
    keys = (SUBJECT, SUBJECT_NAME, SOURCE_LINE)
    for column in sorted(columns, key=lambda each: (ranks.get(each.position, 0), each.position)):
        if column.column is None:
            continue
        other = taken.setdefault(column.column, column)
        if other is column:
            continue
        if column.fact in keys and ranks.get(column.position, 0) > ranks.get(other.position, 0):
            result[column.position] = column.left_out(
                zh=f"已有{other.letter}列“{other.header}”", en=f"column {other.letter} gives it already"
            )
            continue
        raise InputError(
            f"columns {other.letter} and {column.letter} give the same fact{_year(column)}",
            file=file,
            text=f"{other.header} | {column.header}",
            remedy="Delete one of them, or set one to ignore in a mapping file",
        )
    return tuple(
        replace(column, how="ignored") if column.fact == SOURCE_LINE else column for column in result
    )


def _year(column: ColumnMatch) -> str:
    return f" for {column.year}" if column.year else ""
