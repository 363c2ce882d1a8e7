"""Write the policies in every engine's language below one folder, for the engines and for readers."""

from __future__ import annotations

import json
from pathlib import Path

from bench.dialects.kaiyuan_yaml import write_pack
from bench.dialects.openfisca_source import openfisca_source
from bench.dialects.polars_source import polars_source
from bench.dialects.zen_graph import graph
from bench.workload import workload


def write_rules(*, policies: int, folder: Path, shared: bool = True) -> Path:
    """Write the pack, the Polars and OpenFisca modules and the decision graph; give their folder."""
    home = folder / f"rules-{policies}{'' if shared else '-unshared'}"
    home.mkdir(parents=True, exist_ok=True)
    work = workload(policies, shared=shared)
    write_pack(work=work, folder=home)
    (home / "policies_polars.py").write_text(polars_source(work), encoding="utf-8")
    for way in ("verdicts", "explained", "shared"):
        (home / f"policies_openfisca_{way}.py").write_text(openfisca_source(work, way), encoding="utf-8")
    text = json.dumps(graph(work.policies), ensure_ascii=False, indent=1)
    (home / "policies_zen.json").write_text(text, encoding="utf-8")
    return home
