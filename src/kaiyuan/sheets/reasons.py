"""Every reason for which a row or a cell is not used as it stands, with what to do about it.

`severity` row: the row is left out. cell: the row stays and this fact is unknown. kept: the value is used, but
people should know how it was read. `listed` says whether each one stands in rejects.csv or is only counted.
A finding adds its own detail to the reason: which sign, which unit, which values are allowed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from kaiyuan.sheets.wording import Wording

Severity = Literal["row", "cell", "kept"]


@dataclass(frozen=True)
class Reason:
    """One kind of finding: how grave it is, why, and the remedy."""

    kind: str
    severity: Severity
    why: Wording
    remedy: Wording
    listed: bool = True


_NOTHING = Wording("无需处理", "Nothing to do")
_CORRECT = Wording("请在原表更正后重新读取", "Correct it in the sheet and read it again")
_EXACT = Wording("请填写确数", "Give the exact figure")
_DAY = Wording("请写成 2019-03-05", "Write it as 2019-03-05")
_LICENCE = Wording("请按营业执照核对", "Compare with the business licence")

_Table = tuple[tuple[str, str, str, Wording], ...]

_ROWS: _Table = (
    ("blank_row", "空行", "the row is empty", _NOTHING),
    ("total_row", "合计行，不是企业", "a row of totals, not an enterprise", _NOTHING),
    ("heading_row", "分组标题行，不是企业", "a heading between the rows, not an enterprise", _NOTHING),
    ("note_row", "注释或签字行，不是企业", "a note or signature line, not an enterprise", _NOTHING),
    ("repeated_header", "重复的表头行", "the header once more", _NOTHING),
    (
        "no_subject",
        "既无企业名称，也无统一社会信用代码",
        "neither a name nor a credit code",
        Wording("请补填名称或代码", "Fill in a name or a code"),
    ),
    ("wrong_check", "统一社会信用代码校验不通过", "the credit code fails its check", _LICENCE),
    (
        "wrong_sign",
        "统一社会信用代码含有不使用的字符",
        "the credit code has a sign that is not used",
        _LICENCE,
    ),
    ("wrong_length", "统一社会信用代码位数不对", "the credit code has the wrong length", _LICENCE),
    (
        "field_count",
        "字段数与表头不符，无法对齐",
        "the number of fields differs from the header's; they cannot be aligned",
        Wording("请检查本行的分隔符和引号", "Check the separators and quotation marks of this line"),
    ),
)

_CELLS: _Table = (
    ("not_a_number", "不是数字", "not a number", _CORRECT),
    ("not_whole", "应为整数", "a whole number is wanted", _CORRECT),
    (
        "approximate",
        "“约、近、超”等约数不作为确数使用",
        "an approximate figure is not used as an exact one",
        _EXACT,
    ),
    ("interval", "是区间，不是一个数", "an interval, not one number", _EXACT),
    (
        "foreign_currency",
        "外币金额不折算，按未知处理",
        "an amount in foreign currency is not converted; it is unknown",
        Wording("请填写人民币金额", "Give the amount in renminbi"),
    ),
    (
        "unit_unclear",
        "无法识别单位",
        "the unit is not understood",
        Wording("请改用本列单位", "Use the unit of the column"),
    ),
    (
        "ratio_without_percent",
        "比例大于1.5而没有百分号，不知是倍数还是百分数",
        "a ratio above 1.5 without a percent sign may be a multiple or a percentage",
        Wording("请写成 3% 或 0.03，或在表头注明（%）", "Write 3% or 0.03, or put (%) into the header"),
    ),
    (
        "percent_column_unsaid",
        "本列像是百分数却没有注明，不知这个数是几成还是百分之几",
        "the column looks like percentages but does not say so; this may be a share or a percentage",
        Wording("请在表头注明（%）", "Put (%) into the header, or unit: '%' into a mapping"),
    ),
    ("too_large", "数值过大", "the figure is too large", _CORRECT),
    (
        "unknown_category",
        "不在字典的取值之内",
        "not one of the values in the dictionary",
        Wording("请填写字典中的取值", "Use one of the values in the dictionary"),
    ),
    ("not_boolean", "应填是或否", "yes or no is wanted", Wording("请填写 是 或 否", "Write 是 or 否")),
    ("not_a_date", "不是日期", "not a date", _DAY),
    ("incomplete_date", "只有年份，没有月日", "only the year is given", _DAY),
    ("formula_error", "公式出错", "the formula gives an error", Wording("请修正公式", "Mend the formula")),
    (
        "merged_cell",
        "合并单元格横跨多行，不知各行数值",
        "a cell merged over several rows does not say each one's figure",
        Wording("请拆分单元格并分别填写", "Split the cell and fill in each row"),
    ),
)

_KEPT: _Table = (
    (
        "registration_number",
        "这是15位工商注册号，不是18位统一社会信用代码",
        "this is a 15-digit registration number, not an 18-sign credit code",
        Wording("请换成统一社会信用代码", "Replace it by the credit code"),
    ),
    (
        "name_as_subject",
        "没有统一社会信用代码，以企业名称识别",
        "no credit code; the name identifies the enterprise",
        Wording("请补填统一社会信用代码", "Fill in the credit code"),
    ),
    (
        "unknown_division",
        "代码中的区划不以任何省级代码开头",
        "the division in the code begins with no province's code",
        _LICENCE,
    ),
    (
        "day_missing",
        "没有写日，按当月1日计",
        "no day is given: the first of the month is taken",
        Wording("请补填日期", "Fill in the day"),
    ),
)

_COUNTED: _Table = (
    (
        "rounded",
        "不足1分的部分已四舍五入",
        "less than one fen was rounded half up",
        Wording("请核对", "Please check"),
    ),
    (
        "synthetic_code",
        "代码区划为999999，是合成的演示数据",
        "the code's division is 999999: synthetic demonstration data",
        Wording("不得当作真实企业使用", "Not to be used as real enterprises"),
    ),
    (
        "serial_date",
        "数字按表格软件的日期序号读取",
        "a number was read as a sheet program's serial date",
        Wording("请核对日期", "Please check the dates"),
    ),
    (
        "implausible_size",
        "超过1000亿元，单位可能写错",
        "above 100 billion yuan; the unit may be wrong",
        Wording("请在表头注明单位", "State the unit in the header"),
    ),
    (
        "percent_format",
        "表头写（%），单元格又是百分比格式，以单元格显示为准",
        "the header says (%) and the cell has a percent format; what the cell shows was taken",
        Wording("请核对比例", "Please check the ratios"),
    ),
)


def _reasons(table: _Table, severity: Severity, *, listed: bool = True) -> dict[str, Reason]:
    return {kind: Reason(kind, severity, Wording(zh, en), remedy, listed) for kind, zh, en, remedy in table}


REASONS: dict[str, Reason] = (
    _reasons(_ROWS, "row")
    | _reasons(_CELLS, "cell")
    | _reasons(_KEPT, "kept")
    | _reasons(_COUNTED, "kept", listed=False)
)
NO_DETAIL = Wording("", "")


@dataclass(frozen=True)
class Finding:
    """One remark on one row or cell, ready to be listed."""

    kind: str
    line: int
    position: int | None = None
    header: str = ""
    value: str = ""
    detail: Wording = NO_DETAIL
    remedy: Wording | None = None

    @property
    def reason(self) -> Reason:
        """Give the reason behind it."""
        return REASONS[self.kind]

    def why(self) -> Wording:
        """Give the reason with its detail."""
        why = self.reason.why
        if not self.detail:
            return why
        return Wording(f"{why.zh}：{self.detail.zh}", f"{why.en}: {self.detail.en}")

    def what_to_do(self) -> Wording:
        """Give the remedy: this finding's own, or that of its kind."""
        return self.remedy or self.reason.remedy
