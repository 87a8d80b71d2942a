"""What a content type says: of what kind something is, and in which encoding."""

from __future__ import annotations


def media_type(said: str) -> tuple[str, str]:
    """Kind and encoding of ``text/html; charset="utf-8"``, each empty where it is not said. Many quote as they please."""
    kind, *parameters = said.split(";")
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "charset":
            return kind.strip().lower(), value.strip(" \"'")
    return kind.strip().lower(), ""
