"""Errors as problem documents (RFC 9457)."""

import logging
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import msgspec
from django.conf import settings
from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import HttpError, ValidationError

from tracking.domain.errors import BadRequest, Invalid, Outdated, Unavailable

logger = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
CODES = {
    400: "bad_request",
    401: "not_authenticated",
    403: "forbidden",
    404: "not_found",
    405: "method_not_allowed",
    412: "outdated",
    413: "too_large",
    422: "invalid_parameter",
    428: "if_match_missing",
    500: "failed",
    503: "unavailable",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class InvalidField:
    """A parameter and what is wrong with it."""

    field: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """`type` is about:blank: the status says it all; `code` is for programs. `errors` is there when parameters were refused."""

    type: str
    title: str
    status: int
    code: str
    detail: str
    errors: list[InvalidField] | None = None


def problem(status: int, detail: str, errors: list[InvalidField] | None = None) -> HttpResponse:
    """The response; never stored by a cache."""
    members: dict[str, Any] = {
        "type": "about:blank",
        "title": HTTPStatus(status).phrase,
        "status": status,
        "code": CODES.get(status, "refused"),
        "detail": detail,
    }
    if errors is not None:
        members["errors"] = errors
    response = HttpResponse(msgspec.json.encode(members), status=status, content_type=MEDIA_TYPE)
    response["Cache-Control"] = "no-store"
    return response


def refused(name: str, reason: str) -> ValidationError:
    """To be raised for a query parameter that passed its type but cannot be used."""
    return ValidationError([{"loc": ("query", name), "msg": reason}])


def add_problem_handlers(api: NinjaAPI) -> None:
    """Every error of an endpoint becomes a problem document."""
    api.add_exception_handler(HttpError, _http_error)
    api.add_exception_handler(Http404, _not_found)
    api.add_exception_handler(ValidationError, _validation_error)
    api.add_exception_handler(BadRequest, _bad_request)
    api.add_exception_handler(Invalid, _invalid)
    api.add_exception_handler(Outdated, _outdated)
    api.add_exception_handler(RequestDataTooBig, _too_large)
    api.add_exception_handler(TooManyFieldsSent, _too_many)
    api.add_exception_handler(Unavailable, _unavailable)
    api.add_exception_handler(OperationalError, _office_unavailable)
    api.add_exception_handler(InterfaceError, _office_unavailable)
    api.add_exception_handler(Exception, _bug)


def _http_error(request: HttpRequest, error: Any) -> HttpResponse:
    if error.status_code != HTTPStatus.UNAUTHORIZED:
        return problem(error.status_code, str(error))
    response = problem(HTTPStatus.UNAUTHORIZED, "Log in, or send a valid API token as Authorization: Bearer.")
    response["WWW-Authenticate"] = "Bearer"
    return response


def _not_found(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(HTTPStatus.NOT_FOUND, str(error))


def _bad_request(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(HTTPStatus.BAD_REQUEST, error.reason)


def _outdated(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(HTTPStatus.PRECONDITION_FAILED, str(error))


def _too_large(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(
        HTTPStatus.REQUEST_ENTITY_TOO_LARGE,
        f"A body may have {settings.DATA_UPLOAD_MAX_MEMORY_SIZE} bytes at most.",
    )


def _too_many(request: HttpRequest, error: Any) -> HttpResponse:
    return problem(
        HTTPStatus.UNPROCESSABLE_ENTITY,
        f"A request may have {settings.DATA_UPLOAD_MAX_NUMBER_FIELDS} parameters at most.",
    )


def _invalid(request: HttpRequest, error: Any) -> HttpResponse:
    return _invalid_fields([InvalidField(field=field, reason=reason) for field, reason in error.fields])


def _validation_error(request: HttpRequest, error: Any) -> HttpResponse:
    errors = [
        InvalidField(field=str(item["loc"][-1]), reason=item["msg"].removeprefix("Value error, "))
        for item in error.errors
    ]
    return _invalid_fields(errors)


def _invalid_fields(errors: list[InvalidField]) -> HttpResponse:
    detail = " ".join(f"{item.field}: {item.reason}" for item in errors)
    return problem(HTTPStatus.UNPROCESSABLE_ENTITY, detail, errors)


def _unavailable(request: HttpRequest, error: Any) -> HttpResponse:
    logger.warning("%s answered 503: %s", request.path, error)
    response = problem(HTTPStatus.SERVICE_UNAVAILABLE, "The database does not answer now; try again.")
    response["Retry-After"] = str(error.retry_after_s)
    return response


def _office_unavailable(request: HttpRequest, error: Any) -> HttpResponse:
    return _unavailable(request, Unavailable(f"the office database did not answer: {error}"))


def _bug(request: HttpRequest, error: Any) -> HttpResponse:
    logger.error("%s failed", request.path, exc_info=error)
    return problem(HTTPStatus.INTERNAL_SERVER_ERROR, "The server failed; the failure is in its log.")
