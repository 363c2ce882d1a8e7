"""The door for those who read many files that speak of each other: sources, and rulebooks not yet judged alone."""

from kaiyuan.rulebook.yaml.facts_reader import facts_of, line_of_word, open_source
from kaiyuan.rulebook.yaml.faults import validated
from kaiyuan.rulebook.yaml.nodes import Source
from kaiyuan.rulebook.yaml.reader import ReadRulebook, Reference, read_source_rulebook

__all__ = [
    "ReadRulebook",
    "Reference",
    "Source",
    "facts_of",
    "line_of_word",
    "open_source",
    "read_source_rulebook",
    "validated",
]
