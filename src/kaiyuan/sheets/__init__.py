"""Officers' files of enterprises, however messy, to canonical batches of facts that the rulebook evaluates."""

from kaiyuan.sheets.columns import ColumnMatch
from kaiyuan.sheets.mapping import ColumnMapping, read_mapping
from kaiyuan.sheets.mapping_draft import write_mapping_draft
from kaiyuan.sheets.reading import BATCH_ROWS, Progress, SheetReading, read_sheet
from kaiyuan.sheets.rejects import RejectWriter
from kaiyuan.sheets.report import DuplicateGroup, Duplicates, ReadReport, Tally
from kaiyuan.sheets.synthetic import synthetic_enterprises, write_demo_data
from kaiyuan.sheets.template import facts_template
from kaiyuan.sheets.wording import Wording

__all__ = [
    "BATCH_ROWS",
    "ColumnMapping",
    "ColumnMatch",
    "DuplicateGroup",
    "Duplicates",
    "Progress",
    "ReadReport",
    "RejectWriter",
    "SheetReading",
    "Tally",
    "Wording",
    "facts_template",
    "read_mapping",
    "read_sheet",
    "synthetic_enterprises",
    "write_demo_data",
    "write_mapping_draft",
]
