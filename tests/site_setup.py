"""Set Django up for tests: mode `test`, a data folder of this process's own; import it before anything of Django."""

from __future__ import annotations

import atexit
import os
import shutil
import tempfile

if "KAIYUAN_DATA" not in os.environ:
    folder = tempfile.mkdtemp(prefix="kaiyuan-test-")
    os.environ["KAIYUAN_DATA"] = folder
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
os.environ.setdefault("KAIYUAN_MODE", "test")
os.environ.setdefault("KAIYUAN_LOG_LEVEL", "ERROR")
os.environ["DJANGO_SETTINGS_MODULE"] = "kaiyuan.site.settings"

import django

django.setup()
