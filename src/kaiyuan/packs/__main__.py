"""`python -m kaiyuan.packs check [PACK…]`: run the cases of packs, by name or folder; without names, of all."""

from __future__ import annotations

import sys
from collections.abc import Sequence

from kaiyuan.errors import KaiyuanError
from kaiyuan.packs.checking import check_packs
from kaiyuan.packs.finding import find_packs
from kaiyuan.rulebook.yaml import RuleFileError


def main(arguments: Sequence[str]) -> int:
    """Run the command; give 0 when all cases pass, 1 when some fail, 2 when the packs cannot be used."""
    if not arguments or arguments[0] != "check":
        print("Usage: python -m kaiyuan.packs check [PACK…]", file=sys.stderr)
        return 2
    try:
        reports = check_packs(arguments[1:] or list(find_packs()))
    except RuleFileError as error:
        for fault in (error.first, *error.others):
            print(fault, file=sys.stderr)
        return 2
    except KaiyuanError as error:
        print(error, file=sys.stderr)
        return 2
    for report in reports:
        print(report)
        for name in report.untried:
            print(f"    {name}: no case")
        if report.gaps:
            print(f"    {len(report.gaps)} conditions lack a case where they come out yes, no or unknown:")
        for gap in report.gaps:
            print(f"      {gap}")
    return 0 if all(report.passed for report in reports) else 1


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
