"""The ASGI application of one process."""

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "fleet.settings")

from django.core.asgi import get_asgi_application

django_application = get_asgi_application()

from tracking.wiring import make_application, make_fleet

fleet = make_fleet()
application = make_application(fleet, django_application)
