"""Forms of imports, and what is wrong in them beside the field."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from kaiyuan.apps.intake.examining import examine, too_large
from kaiyuan.apps.intake.refusals import Refused
from kaiyuan.apps.zones.wording import words
from kaiyuan.rulebook.facts import FactDictionary
from kaiyuan.sheets.header_words import SUBJECT, SUBJECT_NAME
from kaiyuan.sheets.measures import fact_measure, scale_to_stored
from kaiyuan.sheets.wording import Wording

_DAY = {"type": "date"}
_EARLIEST = date(1990, 1, 1)
_YEARS = range(1990, 2100)
KEYS = {
    SUBJECT: Wording("统一社会信用代码", "Credit code"),
    SUBJECT_NAME: Wording("企业名称", "Name of the enterprise"),
}


def told(refusal: Refused) -> ValidationError:
    """Give a refusal as an error of a form, in the language in which it will be read."""
    both = refusal.both()
    return ValidationError(words(both.zh, both.en))


class UploadForm(forms.Form):
    """A file, and the days that decide how it is read."""

    file = forms.FileField(
        label=words("文件", "File"),
        help_text=words(
            "XLSX 或 CSV，最大 64 MB；第一行为表头，可带单位与年份",
            "XLSX or CSV, 64 MB at most; a header with units and years in it",
        ),
        widget=forms.ClearableFileInput(attrs={"accept": ".xlsx,.csv,.tsv,.txt"}),
    )
    as_of = forms.DateField(
        label=words("按哪一天理解", "Read as of"),
        help_text=words(
            "决定“上年”是哪一年：这一天的前一年为最近完整年度", "Decides which year is the last full one"
        ),
        widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"),
    )
    data_date = forms.DateField(
        label=words("数据截至", "Data speak of"),
        required=False,
        help_text=words(
            "不分年度的指标自这一天起成立；不填则同上", "Facts of a moment hold since then; empty: as above"
        ),
        widget=forms.DateInput(attrs=_DAY, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, today: date, stopped: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._today, self._stopped = today, stopped

    def clean_file(self) -> UploadedFile[Any]:
        """Look at the file before anybody reads it."""
        file: UploadedFile[Any] = self.cleaned_data["file"]
        try:
            examine(Path(file.temporary_file_path()), name=file.name or "")  # type: ignore[attr-defined]
        except Refused as refusal:
            raise told(refusal) from None
        return file

    def clean_as_of(self) -> date:
        """Take no day that nobody could mean."""
        return self._sane(self.cleaned_data["as_of"])

    def clean_data_date(self) -> date | None:
        """Take no day that nobody could mean."""
        day = self.cleaned_data["data_date"]
        return None if day is None else self._sane(day)

    def clean(self) -> dict[str, Any]:
        """Say why there is no file if it was stopped on its way."""
        if self._stopped:
            self.errors.pop("file", None)
            self.add_error("file", told(too_large()))
        return self.cleaned_data

    def _sane(self, day: date) -> date:
        if not _EARLIEST <= day <= date(self._today.year + 1, 12, 31):
            raise ValidationError(words("这一天不合理", "this day cannot be meant"))
        return day


class UndoForm(forms.Form):
    """Why an import is undone."""

    reason = forms.CharField(
        label=words("撤销原因", "Why it is undone"),
        max_length=150,
        help_text=words("会记入日志", "It goes into the journal"),
    )


class ColumnsForm:
    """What each column means, one row of fields a column; empty fact: the column is left out."""

    def __init__(self, data: Any, *, letters: list[str], facts: FactDictionary) -> None:
        self.errors: dict[str, Wording] = {}
        self.said: dict[str, dict[str, Any]] = {}
        for letter in letters:
            self._read(letter, data, facts)

    def is_valid(self) -> bool:
        """Tell whether every row can be meant."""
        return not self.errors

    def _read(self, letter: str, data: Any, facts: FactDictionary) -> None:
        named = str(data.get(f"fact-{letter}", "")).strip()
        year = str(data.get(f"year-{letter}", "")).strip()
        unit = str(data.get(f"unit-{letter}", "")).strip()
        if not named:
            self.said[letter] = {"fact": None}
            return
        key = next((name for name, word in KEYS.items() if named in (name, word.zh, word.en)), None)
        definition = None if key else facts.find(named) or _by_english(named, facts)
        if key is None and definition is None:
            like = facts.suggestions(named)
            self.errors[letter] = Wording(
                f"没有“{named[:40]}”这个指标" + (f"，是否指 {'、'.join(like)}" if like else ""),
                f"there is no fact “{named[:40]}”" + (f"; perhaps {', '.join(like)}" if like else ""),
            )
            return
        if definition is None:
            self.said[letter] = {"fact": key}
            return
        said: dict[str, Any] = {"fact": definition.name}
        if definition.period == "year":
            if year and not (year.isdecimal() and int(year) in _YEARS):
                self.errors[letter] = Wording(
                    "年份写四位数字，如 2025", "a year has four digits, such as 2025"
                )
                return
            said["year"] = int(year) if year else None
        if definition.numeric and unit:
            measure = fact_measure(definition, unit)
            if measure is None or scale_to_stored(definition, measure) is None:
                self.errors[letter] = Wording(
                    f"单位“{unit[:20]}”与{definition.zh}不符",
                    f"the unit {unit[:20]} does not fit {definition.en}",
                )
                return
            said["unit"] = unit
        self.said[letter] = said


def _by_english(named: str, facts: FactDictionary) -> Any:
    return next((each for each in facts.values() if each.en.lower() == named.lower()), None)
