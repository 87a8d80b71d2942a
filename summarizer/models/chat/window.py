"""How much of an instruction model's context a text may fill: prompt and answer share it."""

from __future__ import annotations

from summarizer.errors import ModelFailed
from summarizer.models.chat.tokenizer import ChatTokenizer
from summarizer.models.checkpoint import Window, window_of
from summarizer.models.weights import Located

# The text may fill 7 tenths. A summary is bounded by 0.4 of the window (stages/abstractive.py), 0.28 of the context, so
# that both always fit.
SHARE_OF_TEXT = 0.7
# Contexts of 128k tokens are common, and their memory is not: 16k tokens take 2 GB beside a model of 8 billion
# (128 kB per token). A preset's ``window`` lifts this.
LONGEST_CONTEXT = 16_384
_LEAST = 16


def window_of_chat(located: Located, tokenizer: ChatTokenizer, override: int | None) -> Window:
    """The window for texts, chat template and system message off, and what then is left for an answer.

    Raises:
        ModelFailed: the system message, or a ``window`` asked for, leaves no room.
    """
    context = window_of(located, special=0, stated=tokenizer.window, override=None).source
    room = (context if override else min(context, LONGEST_CONTEXT)) - tokenizer.special
    source = override or int(SHARE_OF_TEXT * room)
    if min(source, room - source) < _LEAST:
        raise ModelFailed(
            f"{located.name} reads {context} tokens, prompt and answer together: the chat template with the system "
            f"message takes {tokenizer.special} and the window {source}, which leaves no room; make them smaller"
        )
    return Window(source, room - source - 1)  # and one for the end token
