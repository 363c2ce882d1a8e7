"""The door for a web server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kaiyuan.site.settings")
application = get_wsgi_application()

from kaiyuan.site.doctor import refuse_unsafe  # noqa: E402 - needs Django to be set up

refuse_unsafe()
