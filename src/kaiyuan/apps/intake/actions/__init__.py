"""Writes of imports: upload, say what columns mean, begin to read in, undo; and the reading itself."""

from kaiyuan.apps.intake.actions.deciding import map_columns, start, undo, upload
from kaiyuan.apps.intake.actions.reading import abandoned, claim, read_in

__all__ = ["abandoned", "claim", "map_columns", "read_in", "start", "undo", "upload"]
