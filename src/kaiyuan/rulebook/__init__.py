"""Rules as dated, cited data; decisions for whole populations, explained one by one. Pure: no Django."""

from kaiyuan.rulebook.evaluate import evaluate, evaluate_stream
from kaiyuan.rulebook.explain import explain
from kaiyuan.rulebook.explanation import Explanation
from kaiyuan.rulebook.facts import CategoryValue, FactDefinition, FactDictionary
from kaiyuan.rulebook.model import Rulebook, RuleSet
from kaiyuan.rulebook.plan import Plan, compile_plan, with_parameters
from kaiyuan.rulebook.whatif import Scenario, WhatIf, what_if

__all__ = [
    "CategoryValue",
    "Explanation",
    "FactDefinition",
    "FactDictionary",
    "Plan",
    "RuleSet",
    "Rulebook",
    "Scenario",
    "WhatIf",
    "compile_plan",
    "evaluate",
    "evaluate_stream",
    "explain",
    "what_if",
    "with_parameters",
]
