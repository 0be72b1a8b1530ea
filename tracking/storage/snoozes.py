"""Which alerts a person wants to hear nothing of, in the office database; call it off the event loop."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction
from django.utils import timezone

from tracking.domain.alerts import MOST_SNOOZES
from tracking.models import Snooze


class TooManySnoozes(Exception):
    """The person has MOST_SNOOZES that last."""


def load_snoozes(user: int) -> list[Snooze]:
    """Those that last, the next to end first."""
    return list(Snooze.objects.filter(user_id=user, until__gt=timezone.now()).order_by("until", "pk"))


@transaction.atomic
def snooze(user: int, *, rule: int, vehicle: int, until: datetime) -> Snooze:
    """In place of an earlier one; what is over goes. Raises TooManySnoozes."""
    User.objects.select_for_update().get(pk=user)
    Snooze.objects.filter(user_id=user, until__lte=timezone.now()).delete()
    others = Snooze.objects.filter(user_id=user).exclude(rule=rule, vehicle=vehicle)
    if others.count() >= MOST_SNOOZES:
        raise TooManySnoozes
    return Snooze.objects.update_or_create(user_id=user, rule=rule, vehicle=vehicle, defaults={"until": until})[0]


def wake(user: int, *, rule: int, vehicle: int) -> None:
    """Nothing changes when there was none."""
    Snooze.objects.filter(user_id=user, rule=rule, vehicle=vehicle).delete()
