"""The page's framework within the service: what it refuses is refused in the service's own words and shape."""

from __future__ import annotations

import logging
from http import HTTPStatus

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from summarizer.service.guard import refusal
from summarizer.service.problems import BadShape, MethodNotAllowed, NotFound, QueueFull, ServiceError

_log = logging.getLogger(__name__)


class InOurWords:
    """ASGI middleware around Gradio's app. Answers that are no refusal go through as they are, streams too.

    The page reads no word of a refusal: it goes by the status alone, which stays, but that 403 becomes 404. A message that
    Gradio breaks over is one that the page does not send: Gradio looks up what it names (a function, a session), and
    what is not there falls through.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        refused, sent = False, scope["method"] == "POST"

        async def sending(message: Message) -> None:
            nonlocal refused
            if message["type"] == "http.response.start" and message["status"] >= HTTPStatus.BAD_REQUEST:
                refused = True
                await refusal(_problem(message["status"], sent=sent))(scope, receive, send)
            elif not refused:
                await send(message)

        try:
            await self.app(scope, receive, sending)
        except Exception as error:
            if not (refused and sent):
                raise
            _log.warning("%s over a message to the page", type(error).__name__)  # its words may quote the message


def _problem(status: int, *, sent: bool) -> Exception:
    if status in (HTTPStatus.NOT_FOUND, HTTPStatus.FORBIDDEN):  # a path out of its folder is no page either
        return NotFound("there is no such page; /docs lists what there is")
    if status == HTTPStatus.METHOD_NOT_ALLOWED:
        return MethodNotAllowed("this path takes another method; /docs lists what programs may call")
    if status == HTTPStatus.SERVICE_UNAVAILABLE:
        return QueueFull("all places are taken; try again later")
    if status >= HTTPStatus.INTERNAL_SERVER_ERROR and not sent:
        return RuntimeError("the page failed")
    problem: ServiceError = BadShape("this is no message of the page; programs call POST /v1/summarize")
    if status < HTTPStatus.INTERNAL_SERVER_ERROR:
        problem.status = HTTPStatus(status)
    return problem
