"""What goes wrong with a server, mapped once: who can do what about it."""

from __future__ import annotations

from summarizer.errors import ModelFailed, ModelNotFound, SummarizerError
from summarizer.models.chat.settings import Server

_TOLD = 300  # characters of a server's own message


def problem(error: Exception, *, server: Server, name: str, key: str | None) -> SummarizerError:
    """The error of the ``openai`` client as one of ours. A key never stands in it."""
    import openai  # noqa: PLC0415

    told = str(getattr(error, "message", error))[:_TOLD].replace(key or "\0", "***")
    if isinstance(error, openai.APITimeoutError):
        return ModelFailed(f"{name} did not answer within {server.timeout:g} s; raise server.timeout, or ask for less")
    if isinstance(error, openai.APIConnectionError):
        reason = str(error.__cause__ or told)[:_TOLD]
        return ModelNotFound(f"no server answers at {server.url} ({reason}); start it, or mend server.url")
    if isinstance(error, openai.APIStatusError):
        return _by_status(error.status_code, told, server=server, name=name)
    return ModelFailed(f"{name} sent what is no answer of the protocol ({type(error).__name__}); is server.url right?")


def _by_status(status: int, told: str, *, server: Server, name: str) -> SummarizerError:
    if status in (401, 403):  # such messages may quote the key
        key = f"the key in {server.key}" if server.key else "a request without a key; name its variable in server.key"
        return ModelFailed(f"{name} refuses {key} (HTTP {status})")
    if status == 404:
        return ModelNotFound(f"{name}: no such model or address (HTTP 404: {told}); mend server.model or server.url")
    if status == 429:
        return ModelFailed(
            f"{name} is asked too often (HTTP 429: {told}); lower server.parallel, or raise server.retries"
        )
    if status >= 500:
        return ModelFailed(f"{name} failed (HTTP {status}: {told}); see the server's log, or try again later")
    return ModelFailed(f"{name} refuses the request (HTTP {status}: {told}); if the text is too long, lower window")
