"""The API as a whole: its routers, who may call it, and how it refuses."""

from __future__ import annotations

from ninja import NinjaAPI

from kaiyuan import __version__

api = NinjaAPI(title="Kaiyuan 开园", version=__version__, urls_namespace="api", docs_url=None)
