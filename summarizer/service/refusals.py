"""What OpenAPI says of the errors of an endpoint."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from summarizer.service.schema import ProblemBody

_USUAL = {
    400: "The text or an option is not as it must be.",
    401: "An API key is needed.",
    403: "A page of another site may not call.",
    408: "The body did not arrive in time.",
    413: "Too large.",
    422: "Not of this shape.",
    429: "Too often; Retry-After says when.",
    503: "Busy, starting, ending, or a model failed; Retry-After says when.",
    504: "Over the deadline.",
}
_AGAIN = {"headers": {"Retry-After": {"description": "Seconds.", "schema": {"type": "integer", "minimum": 1}}}}


def refusals(own: Mapping[int, str] | None = None) -> dict[int | str, dict[str, Any]]:
    """The errors by status. ``own``: what some of them mean here, where that is not the usual."""
    return {
        status: {"model": ProblemBody, "description": said, **(_AGAIN if status in (429, 503) else {})}
        for status, said in {**_USUAL, **(own or {})}.items()
    }
