"""Keeps what people want to see on the live page, in the office database; call it off the event loop."""

from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from tracking.domain.saved_views import MOST_VIEWS
from tracking.models import SavedView


class TooManyViews(Exception):
    """The person has MOST_VIEWS."""


class NameTaken(Exception):
    """The person has another view of this name."""


def load_views(user: int) -> list[SavedView]:
    """By name."""
    return list(SavedView.objects.filter(user_id=user))


def default_query(user: int) -> str | None:
    """What the live page shows when nothing else is asked for."""
    return SavedView.objects.filter(user_id=user, is_default=True).values_list("query", flat=True).first()


@transaction.atomic
def add_view(user: int, **fields: Any) -> SavedView:
    """Raises TooManyViews or NameTaken."""
    User.objects.select_for_update().get(pk=user)
    if SavedView.objects.filter(user_id=user).count() >= MOST_VIEWS:
        raise TooManyViews
    return _save(SavedView(user_id=user), fields)


@transaction.atomic
def change_view(user: int, id_: int, **fields: Any) -> SavedView | None:
    """None when the person has no such view. Raises NameTaken."""
    User.objects.select_for_update().get(pk=user)
    view = SavedView.objects.filter(user_id=user, pk=id_).first()
    return None if view is None else _save(view, fields)


def delete_view(user: int, id_: int) -> bool:
    """False when the person has no such view."""
    return SavedView.objects.filter(user_id=user, pk=id_).delete()[0] > 0


def _save(view: SavedView, fields: dict[str, Any]) -> SavedView:
    """A new default takes the place of the one before."""
    for name, value in fields.items():
        setattr(view, name, value)
    others = SavedView.objects.filter(user_id=view.user_id).exclude(pk=view.pk)
    if others.filter(name=view.name).exists():
        raise NameTaken
    if view.is_default:
        others.filter(is_default=True).update(is_default=False)
    view.save()
    return view
