"""What the OpenAPI document says beyond what the endpoints' signatures tell."""

from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from ninja import NinjaAPI
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from pydantic import TypeAdapter

from tracking.api.fixes_document import DEVICE_TOKEN, FIX_SCHEMAS, post_fixes, post_from_phone
from tracking.api.pair_document import PAIR_SCHEMAS, post_pair
from tracking.api.problems import MEDIA_TYPE, Problem

REFERENCE = "#/components/schemas/{model}"
DETAILS = {
    HTTPStatus.BAD_REQUEST: "The body cannot be read.",
    HTTPStatus.UNAUTHORIZED: "Nobody is logged in, or the token is unknown or revoked.",
    HTTPStatus.FORBIDDEN: "You may not do this; or a cookie came without X-Fleet: 1.",
    HTTPStatus.NOT_FOUND: "There is none, or none that you may see.",
    HTTPStatus.PRECONDITION_FAILED: "It is no longer what If-Match names: somebody has changed it since.",
    HTTPStatus.PRECONDITION_REQUIRED: "If-Match is missing.",
    HTTPStatus.GONE: "It was there; it was used or has expired.",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "The body is too large, as sent or inflated.",
    HTTPStatus.UNSUPPORTED_MEDIA_TYPE: "The content type or encoding is not taken.",
    HTTPStatus.UNPROCESSABLE_ENTITY: "A parameter is missing, unknown or out of range; `errors` names it.",
    HTTPStatus.TOO_MANY_REQUESTS: "Posted too often; try again after Retry-After.",
    HTTPStatus.SERVICE_UNAVAILABLE: "The store is out of reach or full; try again after Retry-After.",
}


def documented(*statuses: int, media_types: Iterable[str] = ()) -> dict[str, Any]:
    """`openapi_extra` of an endpoint: its problems (401 and 503 always), 304, and further media types of its 200."""
    responses: dict[int, Any] = {304: {"description": "The copy that If-None-Match names is still good."}}
    responses |= {status: problem_response(status) for status in sorted({401, 503, *statuses})}
    if texts := {media_type: {"schema": {"type": _type_of(media_type)}} for media_type in media_types}:
        responses[200] = {"content": texts}
    return {"responses": responses}


def _type_of(media_type: str) -> str:
    return "object" if media_type.endswith("json") else "string"


def problem_response(status: int) -> dict[str, Any]:
    """A response object whose body is a problem document."""
    return {
        "description": DETAILS[HTTPStatus(status)],
        "content": {MEDIA_TYPE: {"schema": {"$ref": REFERENCE.format(model="Problem")}}},
    }


class FleetApi(NinjaAPI):
    """Adds to the document what is served before Django: posting fixes, pairing a phone."""

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """The name that generated clients give the call."""
        return operation.view_func.__name__

    def get_openapi_schema(
        self, *, path_prefix: str | None = None, path_params: dict[str, Any] | None = None
    ) -> OpenAPISchema:
        """The document, with problem documents as a component."""
        schema = super().get_openapi_schema(path_prefix=path_prefix, path_params=path_params)
        root = path_prefix or self.get_root_path(path_params or {})
        problems = {status: problem_response(status) for status in (400, 401, 413, 415, 429, 503)}
        schema["paths"][f"{root}fixes"] = {"post": post_fixes(problems)}
        schema["paths"]["/in/{token}"] = {"post": post_from_phone(problems)}
        pair_problems = {status: problem_response(status) for status in (400, 404, 410, 413, 429, 503)}
        schema["paths"][f"{root}pair"] = {"post": post_pair(pair_problems)}
        components = schema["components"]
        components["schemas"] |= FIX_SCHEMAS | PAIR_SCHEMAS | _problem_schemas()
        components.setdefault("securitySchemes", {})["DeviceToken"] = DEVICE_TOKEN
        return schema


def _problem_schemas() -> dict[str, Any]:
    problem = TypeAdapter(Problem).json_schema(ref_template=REFERENCE)
    definitions: dict[str, Any] = problem.pop("$defs")
    return definitions | {"Problem": problem}
