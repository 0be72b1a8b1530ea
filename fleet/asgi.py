"""The ASGI application: hot paths as bare apps, the rest through Django."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fleet.settings")

from django.core.asgi import get_asgi_application

django_application = get_asgi_application()
application = django_application
