"""What a client sends, against the shape it must have: what is wrong with it is told by dotted path, and not repeated."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from summarizer.service.problems import BadShape

M = TypeVar("M", bound=BaseModel)
MOST = 5  # mistakes that are told


def of_shape(model: type[M], said: object, cure: str = "") -> M:
    """What was said, as JSON or as a value, if it is of that shape.

    Raises:
        BadShape: it is not; ``cure`` says what else would be.
    """
    try:
        return model.model_validate_json(said) if isinstance(said, bytes) else model.model_validate(said)
    except ValidationError as error:
        wrong = explained(error.errors(include_url=False, include_input=False, include_context=False))
    raise BadShape(f"{wrong}; {cure}" if cure else wrong)


def explained(errors: Sequence[Any]) -> str:
    """What is wrong with the shape, by dotted path; what was sent is not repeated."""
    shown = (f"{_path(error['loc'])}: {error['msg']}" for error in errors[:MOST])
    more = f"; and {len(errors) - MOST} more" if len(errors) > MOST else ""
    return "; ".join(shown) + more


def _path(location: Sequence[int | str]) -> str:
    return ".".join(str(part) for part in location if part != "body")[:80] or "body"
