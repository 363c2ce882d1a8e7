"""The API as a whole: its routers, who may call it, how it answers and how it refuses."""

from __future__ import annotations

import hashlib
import json
from datetime import datetime
from typing import Any

from django.core.exceptions import RequestDataTooBig
from django.http import Http404, HttpRequest, HttpResponse
from ninja import NinjaAPI
from ninja.errors import AuthenticationError, HttpError, ValidationError
from ninja.openapi.schema import OpenAPISchema
from ninja.operation import Operation
from ninja.renderers import JSONRenderer
from ninja.responses import NinjaJSONEncoder

from kaiyuan import __version__
from kaiyuan.apps.enterprises.api import router as enterprises
from kaiyuan.apps.facts.api import router as facts
from kaiyuan.apps.intake.api import router as imports
from kaiyuan.apps.journal.api import router as journal
from kaiyuan.apps.people.api import router as people
from kaiyuan.apps.zones.api import router as me
from kaiyuan.apps.zones.api_access import ACCESS
from kaiyuan.errors import KaiyuanError, PackError, RuleError
from kaiyuan.site import problems
from kaiyuan.site.openapi import DESCRIPTION, completed

ROUTERS = (me, people, facts, enterprises, imports, journal)


class Exact(NinjaJSONEncoder):
    """Moments to the microsecond: who asks what was known at one is told what was recorded at it."""

    def default(self, o: Any) -> Any:
        """Write what JSON has no word for."""
        return o.isoformat().replace("+00:00", "Z") if isinstance(o, datetime) else super().default(o)


class Json(JSONRenderer):
    """JSON with Chinese as it is."""

    encoder_class = Exact
    json_dumps_params = {"ensure_ascii": False, "separators": (",", ":")}  # noqa: RUF012 - as the base has it


class Api(NinjaAPI):
    """The API: every answer to a GET has an ETag, every refusal is a problem, and the description tells of both."""

    def create_response(
        self,
        request: HttpRequest,
        data: Any,
        *,
        status: int | None = None,
        temporal_response: HttpResponse | None = None,
    ) -> HttpResponse:
        """Write an answer with its ETag; 304 if the caller has it already."""
        response = super().create_response(request, data, status=status, temporal_response=temporal_response)
        if request.method in {"GET", "HEAD"} and response.status_code == 200:
            response["ETag"] = tag = _tag(data, response.content)
            if tag in (word.strip() for word in request.headers.get("If-None-Match", "").split(",")):
                return HttpResponse(status=304, headers={"ETag": tag})
        return response

    def get_openapi_operation_id(self, operation: Operation) -> str:
        """Name an operation after its app and its function: `journal_events`."""
        app = operation.view_func.__module__.split(".")[2]
        return f"{app}_{operation.view_func.__name__}"

    def get_openapi_schema(self, **arguments: Any) -> OpenAPISchema:
        """Give the description, with what all operations have in common."""
        return completed(super().get_openapi_schema(**arguments))


api = Api(
    title="Kaiyuan 开园",
    version=__version__,
    description=DESCRIPTION,
    urls_namespace="api",
    docs_url=None,
    auth=ACCESS,
    renderer=Json(),
)
for router in ROUTERS:
    api.add_router("", router)


def _tag(data: Any, content: bytes) -> str:
    version = data.get("version") if isinstance(data, dict) else None
    return f'"{version}"' if version is not None else f'"{hashlib.sha256(content).hexdigest()[:32]}"'


def problem(body: dict[str, Any]) -> HttpResponse:
    """Answer with a problem."""
    response = HttpResponse(
        json.dumps(body, ensure_ascii=False), status=body["status"], content_type=problems.MEDIA_TYPE
    )
    if body["status"] == problems.NOT_LOGGED_IN.status:
        response["WWW-Authenticate"] = "Bearer"
    return response


@api.exception_handler(KaiyuanError)
def refused(request: HttpRequest, error: KaiyuanError) -> HttpResponse:
    """Answer a refusal made on purpose; a pack or rule of ours that cannot be used is our fault, not the caller's."""
    if isinstance(error, PackError | RuleError):
        raise error
    return problem(problems.refusal(error))


@api.exception_handler(Http404)
def absent(request: HttpRequest, error: Http404) -> HttpResponse:
    """Answer what is not there."""
    return problem(problems.body_of(problems.ABSENT))


@api.exception_handler(AuthenticationError)
def not_logged_in(request: HttpRequest, error: AuthenticationError) -> HttpResponse:
    """Answer a call without a person."""
    return problem(problems.body_of(problems.NOT_LOGGED_IN))


@api.exception_handler(HttpError)
def unreadable(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Answer a body that is no JSON."""
    return problem(problems.body_of(problems.UNREADABLE))


@api.exception_handler(RequestDataTooBig)
def too_large(request: HttpRequest, error: RequestDataTooBig) -> HttpResponse:
    """Answer a body that is too large to be read."""
    return problem(problems.body_of(problems.TOO_LARGE))


@api.exception_handler(ValidationError)
def invalid(request: HttpRequest, error: ValidationError) -> HttpResponse:
    """Answer what the schema does not allow, each finding with its place and its remedy."""
    return problem(
        problems.body_of(problems.INVALID, errors=[problems.field_error(found) for found in error.errors])
    )
