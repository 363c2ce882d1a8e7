"""The door for a web server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "kaiyuan.site.settings")
application = get_wsgi_application()

from django.conf import settings  # noqa: E402 - needs Django to be set up

from kaiyuan.site.doctor import refuse_unsafe  # noqa: E402
from kaiyuan.site.sending import start_sending  # noqa: E402

refuse_unsafe()
start_sending(every=settings.OUTBOX_EVERY)
