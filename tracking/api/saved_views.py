"""Views of the live page that a person keeps under names: one's own, on every screen."""

from http import HTTPStatus
from typing import Annotated, Any

from django.http import Http404, HttpRequest, HttpResponse
from ninja import Router
from pydantic import AfterValidator, Field, StringConstraints

from tracking.api.auth import rights_of
from tracking.api.caching import json_answer, unkept_answer
from tracking.api.openapi import documented
from tracking.api.problems import refused
from tracking.api.queries import StrictBody, refuse_unknown
from tracking.api.schemas import KeptView, ViewList
from tracking.domain.saved_views import MAX_VIEW_NAME_CHARS, MAX_VIEW_QUERY_CHARS, MOST_VIEWS
from tracking.ingest.mail import in_office
from tracking.models import SavedView
from tracking.storage.saved_views import NameTaken, TooManyViews, add_view, change_view, delete_view, load_views

router = Router(tags=["views"])


def printable(text: str) -> str:
    """Raises ValueError for line breaks and other controls."""
    if not text.isprintable():
        raise ValueError("must be one line of printable characters")
    return text


Name = Annotated[
    str,
    StringConstraints(strip_whitespace=True, min_length=1, max_length=MAX_VIEW_NAME_CHARS),
    AfterValidator(printable),
]
PageQuery = Annotated[
    str,
    StringConstraints(max_length=MAX_VIEW_QUERY_CHARS),
    AfterValidator(printable),
    Field(description="The address of the live page behind its question mark."),
]


class NewView(StrictBody):
    """What to show, and how it is called."""

    name: Name
    query: PageQuery
    default: bool = Field(False, description="The live page shows it when nothing else is asked for.")


class ViewChange(StrictBody):
    """What is left out stays."""

    name: Name | None = None
    query: PageQuery | None = None
    default: bool | None = None


@router.get("views", response=ViewList, openapi_extra=documented(422))
async def list_views(request: HttpRequest) -> HttpResponse:
    """One's own, by name."""
    refuse_unknown(request)
    items = [kept_view(view) for view in await in_office(load_views, rights_of(request).user)]
    return json_answer(request, ViewList(items=items, next=None))


@router.post("views", response={201: KeptView}, openapi_extra=documented(400, 403, 422))
async def keep_view(request: HttpRequest, new: NewView) -> HttpResponse:
    """Keeps one more; a default takes the place of the one before."""
    refuse_unknown(request)
    fields = fields_of(new.name, new.query, new.default)
    try:
        view = await in_office(add_view, rights_of(request).user, **fields)
    except TooManyViews:
        raise refused("name", f"you keep {MOST_VIEWS} views already; delete one first") from None
    except NameTaken:
        raise name_taken(new.name) from None
    return unkept_answer(kept_view(view), status=HTTPStatus.CREATED)


@router.patch("views/{id_}", response=KeptView, openapi_extra=documented(400, 403, 404, 422))
async def rework_view(request: HttpRequest, id_: int, change: ViewChange) -> HttpResponse:
    """Another name, another content, or the default from now on."""
    refuse_unknown(request)
    fields = fields_of(change.name, change.query, change.default)
    try:
        view = await in_office(change_view, rights_of(request).user, checked_id(id_), **fields)
    except NameTaken:
        raise name_taken(change.name) from None
    if view is None:
        raise no_view(id_)
    return unkept_answer(kept_view(view), status=HTTPStatus.OK)


@router.delete("views/{id_}", response={204: None}, openapi_extra=documented(403, 404, 422))
async def drop_view(request: HttpRequest, id_: int) -> HttpResponse:
    """It cannot be had again."""
    refuse_unknown(request)
    if not await in_office(delete_view, rights_of(request).user, checked_id(id_)):
        raise no_view(id_)
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


def fields_of(name: str | None, query: str | None, default: bool | None) -> dict[str, Any]:
    """The row's, as far as they were given."""
    given = {"name": name, "query": query, "is_default": default}
    return {field: value for field, value in given.items() if value is not None}


def checked_id(id_: int) -> int:
    """Databases know no larger number."""
    if not 0 < id_ < 1 << 63:
        raise no_view(id_)
    return id_


def no_view(id_: int) -> Http404:
    return Http404(f"You keep no view {id_}.")


def name_taken(name: str | None) -> Exception:
    return refused("name", f"you keep a view {name!r} already")


def kept_view(view: SavedView) -> KeptView:
    return KeptView(id=view.pk, name=view.name, query=view.query, default=view.is_default)
