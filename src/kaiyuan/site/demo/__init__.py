"""The demonstration: two made-up zones, filled by the same acts that people do on the pages."""

from kaiyuan.site.demo.cast import Persona, personas
from kaiyuan.site.demo.folder import ready_folder
from kaiyuan.site.demo.seed import seed

__all__ = ["Persona", "personas", "ready_folder", "seed"]
