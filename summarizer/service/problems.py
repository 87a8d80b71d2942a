"""What a client is told when something is wrong: ``{"error": {"type", "message"}}`` and a status. No traceback, no text.

400 the input or an option · 401 the key · 403 another site's page · 404 no such page · 405 another method
408 a body that does not arrive · 413 too large · 422 the shape · 429 too often · 431 too many headers · 503 busy, starting or a model failed · 504 over the deadline
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus

from summarizer.errors import (
    ConfigError,
    InputError,
    InputTooLarge,
    LanguageNotSupported,
    SummarizerError,
)


class ServiceError(Exception):
    """Something the service itself refuses, whatever the text says."""

    status = HTTPStatus.BAD_REQUEST

    def __init__(self, message: str, *, retry_after: int | None = None) -> None:
        super().__init__(message)
        self.retry_after = retry_after


class NotHTTP(ServiceError):
    """What came over the connection is no request."""


class Ambiguous(ServiceError):
    """Where the request ends can be read in two ways."""


class Unauthorized(ServiceError):
    """No API key, or not the right one."""

    status = HTTPStatus.UNAUTHORIZED


class Forbidden(ServiceError):
    """Sent by a page of another site."""

    status = HTTPStatus.FORBIDDEN


class NotFound(ServiceError):
    """No such page."""

    status = HTTPStatus.NOT_FOUND


class MethodNotAllowed(ServiceError):
    """The page is there, and takes another method: ``allow``, where that is known."""

    status = HTTPStatus.METHOD_NOT_ALLOWED

    def __init__(self, message: str, *, allow: str = "") -> None:
        super().__init__(message)
        self.allow = allow


class TooSlow(ServiceError):
    """The body did not arrive in time."""

    status = HTTPStatus.REQUEST_TIMEOUT


class BodyTooLarge(ServiceError):
    """The request is over the limit in bytes."""

    status = HTTPStatus.REQUEST_ENTITY_TOO_LARGE


class HeadTooLarge(ServiceError):
    """The first line and the headers of the request are over their bound."""

    status = HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE


class BadShape(ServiceError):
    """The request is not of the shape that the schema describes."""

    status = HTTPStatus.UNPROCESSABLE_ENTITY


class TooOften(ServiceError):
    """Over the rate."""

    status = HTTPStatus.TOO_MANY_REQUESTS


class QueueFull(ServiceError):
    """All places are taken."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class Draining(ServiceError):
    """The service is about to end."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class NotReady(ServiceError):
    """No sentence went through yet."""

    status = HTTPStatus.SERVICE_UNAVAILABLE


class DeadlineExceeded(ServiceError):
    """The work was not done in time."""

    status = HTTPStatus.GATEWAY_TIMEOUT


def status_of(error: Exception) -> int:
    """The HTTP status that tells a client what to do about an error."""
    if isinstance(error, ServiceError):
        return error.status
    if isinstance(error, InputTooLarge):
        return HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    if isinstance(error, InputError | LanguageNotSupported | ConfigError):
        return HTTPStatus.BAD_REQUEST
    if isinstance(error, SummarizerError):  # a model or a package is missing or failed: not the client's doing
        return HTTPStatus.SERVICE_UNAVAILABLE
    return HTTPStatus.INTERNAL_SERVER_ERROR


def problem(error: Exception) -> dict[str, dict[str, str]]:
    """The body that goes with it. An error nobody foresaw keeps its message to itself: it may quote the text."""
    if isinstance(error, ServiceError | SummarizerError):
        return {"error": {"type": type(error).__name__, "message": str(error)}}
    return {"error": {"type": "InternalError", "message": "the service failed; its log says where"}}


def headers_of(error: Exception) -> Mapping[str, str]:
    """``Retry-After`` for a client that should come back, ``WWW-Authenticate`` for one that should bring its key."""
    if status_of(error) in (HTTPStatus.SERVICE_UNAVAILABLE, HTTPStatus.TOO_MANY_REQUESTS):
        again = {"Retry-After": str(getattr(error, "retry_after", None) or 5)}
        return {**again, "Connection": "close"} if isinstance(error, Draining) else again
    if isinstance(error, Ambiguous | BodyTooLarge | TooSlow):
        return {"Connection": "close"}  # what is left of the body would be read as the next request
    if isinstance(error, MethodNotAllowed) and error.allow:
        return {"Allow": error.allow}
    if isinstance(error, Unauthorized):
        return {"WWW-Authenticate": 'Basic realm="summarizer", charset="UTF-8"'}
    return {}


def encoded(value: object) -> bytes:
    """JSON as bytes, whatever is in it: a lone surrogate becomes a question mark, not a crash."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
