"""Who guesses passwords is kept waiting: by user name and address, and by address alone, in the office database."""

from datetime import datetime
from math import ceil
from typing import Any

from axes.handlers.database import AxesDatabaseHandler
from axes.handlers.proxy import AxesProxyHandler
from django.conf import settings
from django.contrib.auth.forms import AuthenticationForm
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone

from tracking.pages.front_end import needs_front_end


class LoginThrottle(AxesDatabaseHandler):  # type: ignore[misc]
    """Two limits, where axes has one. No name is locked everywhere: that would let anybody lock out a colleague."""

    def opens_at(self, request: HttpRequest, credentials: dict[str, Any] | None) -> datetime | None:
        """When this name may try again from this address; None: now."""
        of_name, of_address = self.get_user_attempts(request, credentials)
        reached = [
            reached_at(of_name, settings.AXES_FAILURE_LIMIT),
            reached_at(of_address, settings.LOGIN_FAILURES_OF_ADDRESS),
        ]
        times = [time for time in reached if time is not None]
        return max(times) + settings.AXES_COOLOFF_TIME if times else None

    def get_failures(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """What axes compares with its one limit."""
        return settings.AXES_FAILURE_LIMIT if self.opens_at(request, credentials) else 0

    def reset_user_attempts(self, request: HttpRequest, credentials: dict[str, Any] | None = None) -> int:
        """After a login: of the name at the address. The address itself goes on being counted, or one known password would free it."""
        of_name, _ = self.filter_user_attempts(request, credentials)
        return int(of_name.delete()[0])


def reached_at(attempts: QuerySet[Any], limit: int) -> datetime | None:
    """The time of the failures with which, from the newest back, there are `limit`; once these are forgotten there are fewer."""
    count = 0
    newest_first = attempts.order_by("-attempt_time").values_list("failures_since_start", "attempt_time")
    for failures, time in newest_first:
        count += failures
        if count >= limit:
            return time  # type: ignore[no-any-return]
    return None


@needs_front_end
def locked_out(request: HttpRequest, *_: object) -> HttpResponse:
    """Instead of whatever a login page would have answered; 429 with the login form and the time of the next try."""
    credentials = request.axes_credentials  # type: ignore[attr-defined]
    now = timezone.now()
    opens_at = AxesProxyHandler.get_implementation().opens_at(request, credentials) or now
    wait_s = max(1, ceil((opens_at - now).total_seconds()))
    context = {
        "form": AuthenticationForm(request, initial={"username": credentials["username"]}),
        "next": request.POST.get("next", ""),
        "opens_at": opens_at,
        "wait_minutes": ceil(wait_s / 60),
    }
    response = render(request, "registration/login.html", context, status=429)
    response["Retry-After"] = str(wait_s)
    response["Cache-Control"] = "no-store"
    return response
