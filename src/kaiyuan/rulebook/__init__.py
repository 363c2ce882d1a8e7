"""Rules as dated, cited data; decisions for whole populations, explained one by one. Pure: no Django."""

from kaiyuan.rulebook.evaluate import evaluate, evaluate_stream
from kaiyuan.rulebook.facts import CategoryValue, FactDefinition, FactDictionary
from kaiyuan.rulebook.model import Rulebook, RuleSet
from kaiyuan.rulebook.plan import Plan, compile_plan, with_parameters

__all__ = [
    "CategoryValue", "FactDefinition", "FactDictionary", "Plan", "RuleSet", "Rulebook", "compile_plan", "evaluate",
    "evaluate_stream", "with_parameters",
]  # fmt: skip
