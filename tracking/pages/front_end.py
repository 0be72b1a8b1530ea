"""What every page needs: the fleet's zone, and what to do when the front end was not built.

A traceback would say only that a file is missing.
"""

import logging
from collections.abc import Callable
from functools import wraps
from typing import TypeAlias

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.template.response import SimpleTemplateResponse
from django.templatetags.static import static
from django.views.decorators.http import require_safe
from django_vite.core.exceptions import DjangoViteAssetNotFoundError, DjangoViteManifestError

logger = logging.getLogger(__name__)

View: TypeAlias = Callable[..., HttpResponseBase]

MISSING = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Front end not built – Fleet</title></head>
<body>
<h1>The front end is not built.</h1>
<p>Run <code>make run</code>, which builds it, or <code>npm run build</code> in <code>frontend/</code>; then load this page again.</p>
</body>
</html>
"""


def fleet_zone(request: HttpRequest) -> dict[str, str]:
    """For every template: the zone's IANA name."""
    return {"fleet_zone": settings.FLEET_TIME_ZONE}


@require_safe
def favicon(request: HttpRequest) -> HttpResponse:
    """For the admin and the API's page, whose documents name none: browsers ask here then."""
    return redirect(static("favicon.svg"))


def needs_front_end(view: View) -> View:
    """Renders the view's template at once, so that a missing build is found here."""

    @wraps(view)
    def checked(request: HttpRequest, *args: object, **kwargs: object) -> HttpResponseBase:
        try:
            response = view(request, *args, **kwargs)
            return response.render() if isinstance(response, SimpleTemplateResponse) else response
        except (DjangoViteAssetNotFoundError, DjangoViteManifestError) as error:
            logger.error("the front end is not built: %s", error)
            return HttpResponse(MISSING, status=503)

    return checked
