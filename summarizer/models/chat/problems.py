"""What goes wrong with a server, mapped once: who can do what about it."""

from __future__ import annotations

from summarizer.errors import ModelFailed, ModelNotFound, SummarizerError
from summarizer.models.chat.settings import Server
from summarizer.models.chat.wire import TooLong, TooSlow

# By name: which HTTP client these are of depends on the version of ``openai``.
_NEVER_REACHED = {"ConnectError", "ProxyError", "UnsupportedProtocol"}
_TOLD = 300  # characters of a server's own message


def problem(error: Exception, *, server: Server, name: str, key: str | None) -> SummarizerError:
    """The error of the ``openai`` client as one of ours. A key never stands in it."""
    import openai  # noqa: PLC0415

    told = str(getattr(error, "message", error))[:_TOLD].replace(key or "\0", "***")
    error = _of_the_wire(error)
    if isinstance(error, TooLong):
        return ModelFailed(f"{name} sends {error} to one question; it passes over max_tokens, or server.url is no chat")
    if isinstance(error, openai.APITimeoutError | TooSlow):
        return ModelFailed(f"{name} did not answer within {server.timeout:g} s; raise server.timeout, or ask for less")
    if isinstance(error, openai.APIConnectionError):
        reason = str(error.__cause__ or told)[:_TOLD]
        if type(error.__cause__).__name__ not in _NEVER_REACHED:
            return ModelFailed(
                f"{name} dropped the connection before its answer was whole ({reason}); see the server's log, or try "
                "again later"
            )
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


def _of_the_wire(error: Exception) -> Exception:
    """What stopped the reading; some versions of the client wrap it."""
    return error.__cause__ if isinstance(error.__cause__, TooLong | TooSlow) else error
