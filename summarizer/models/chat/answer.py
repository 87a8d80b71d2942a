"""What an instruction model said, and what of it is the answer: no thinking aloud, no preamble, no quotes around it.

Only what the prompt itself does not hold is taken off: a source in quotes is translated in quotes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

# Qwen and DeepSeek, EXAONE, Seed-OSS; Magistral; Kimi; Command A; OpenThinker. They may be special tokens of the model.
_THINKING = "(?:seed:)?think|thinking|thoughts?|reasoning"
THINKING = re.compile(
    rf"(?P<opens><(?:{_THINKING})>|\[THINK\]|◁think▷|<\|START_THINKING\|>|<\|begin_of_thought\|>)"
    rf"|</(?:{_THINKING})>|\[/THINK\]|◁/think▷|<\|END_THINKING\|>|<\|end_of_thought\|>",
    re.IGNORECASE,
)
# What some of these put around the answer that follows.
_AROUND = re.compile(
    r"\s*(?:<answer>|<\|START_RESPONSE\|>|<\|begin_of_solution\|>)(.*?)"
    r"(?:</answer>|<\|END_RESPONSE\|>|<\|end_of_solution\|>)?\s*",
    re.DOTALL | re.IGNORECASE,
)

# The channels of gpt-oss: its thoughts stand in "analysis", its remarks on tools in "commentary", its answer in "final".
_CHANNEL, _MESSAGE = "<|channel|>", "<|message|>"
_END = re.compile(r"<\|(?:end|return|call|start)\|>")
# What is left of them where a server takes the marks off as special tokens.
_UNMARKED = re.compile(r"\s*analysis.*assistantfinal(.*)", re.DOTALL)

_TASK = (
    "summary|translation|translated (?:text|sentence|version)|summari[sz]ed version|zusammenfassung|kurzfassung|"
    "übersetzung|übersetzter (?:text|satz)|résumé|traduction|traducción|resumen|traduzione|riassunto"
)
_ASSENT = r"(?:(?:sure|certainly|of course|okay|ok|absolutely|gerne|gern|natürlich|klar|selbstverständlich)\b[!,. ]+)?"
_HERE = r"(?:here(?:'s|’s| is| are)|hier (?:ist|sind|kommt|folgt)|voici|aquí (?:está|tienes)|ecco)\b"
# Such as: Sure! Here is the summary: / Here's the text in English: / Zusammenfassung: / **Translation (English):**
_PREAMBLE = re.compile(
    rf"\s*(?:\#+ )?(?:\*\*)?{_ASSENT}(?:{_HERE}[^.!?:\n]{{0,80}}(?:\b(?:{_TASK})\b[^.!?:\n]{{0,60}})?:(?=\*\*|\s*\n)"
    rf"|{_HERE}[^.!?:\n]{{0,80}}\b(?:{_TASK})\b[^.!?:\n]{{0,60}}:"
    rf"|(?:the |die |eine |my )?(?:{_TASK})(?: \([^)\n]{{1,30}}\)| (?:in|into|auf|ins) \w+)?:)(?:\*\*)?\s*",
    re.IGNORECASE,
)
_HEADING = re.compile(rf"\s*(?:\#+ +|\*\*)(?:{_TASK})(?:\*\*)?[ \t]*\n+", re.IGNORECASE)
_REMARK = re.compile(
    r"\n\s*\n[(*_\[]*(?:note|notes|hinweis|anmerkung|please note|i hope|let me know|ich hoffe)\b[^\n]*\s*$",
    re.IGNORECASE,
)
_FENCE = re.compile(r"\s*```\w*\n(.*?)\n?```\s*", re.DOTALL)
_BOLD = re.compile(r"\*\*([^*\n]+)\*\*")
_BULLET = re.compile(r"(?:[-*•–]|\d{1,2}[.)])[ \t]+")
_QUOTES = (("“", "”"), ("„", "“"), ("„", "”"), ("»", "«"), ("«", "»"), ("‘", "’"), ("‚", "‘"), ('"', '"'), ("'", "'"))


@dataclass(frozen=True, slots=True)
class Answer:
    """``unfinished``: the model was still thinking aloud when it had to stop."""

    text: str
    unfinished: bool = False


def answer_in(said: str, prompt: str) -> Answer:
    """The answer in what a model said to ``prompt``."""
    said, silent = _of_channels(said, prompt)
    said, unfinished = _without_thinking(said, prompt)
    said = _unfenced(said, prompt)
    said = _without_preamble(said, prompt)
    if not _REMARK.search(prompt):
        said = _REMARK.sub("", said)
    if "**" not in prompt:
        said = _BOLD.sub(r"\1", said)
    return Answer(_unquoted(_unlisted(said.strip(), prompt), prompt), silent or unfinished)


def _of_channels(said: str, prompt: str) -> tuple[str, bool]:
    """The last message of the final channel, and whether there are channels and none is final."""
    if _CHANNEL in prompt:
        return said, False
    if _CHANNEL not in said:
        unmarked = _UNMARKED.fullmatch(said)
        return (unmarked[1] if unmarked else said), False
    parts = [part.partition(_MESSAGE) for part in said.split(_CHANNEL)[1:]]
    final = [_END.split(text, 1)[0] for channel, mark, text in parts if mark and channel.split()[:1] == ["final"]]
    return (final[-1], False) if final else ("", True)


def _without_thinking(said: str, prompt: str) -> tuple[str, bool]:
    """The text outside of the blocks, and whether the last of them has no end."""
    if not THINKING.search(said) or THINKING.search(prompt):
        return _alone(said, prompt), False
    kept, start, thinks = [""], 0, False
    for mark in THINKING.finditer(said):
        if mark["opens"]:
            kept += [] if thinks else [said[start : mark.start()]]
        elif not thinks:  # the prompt itself opened the block
            kept.clear()
        thinks, start = bool(mark["opens"]), mark.end()
    return _alone("".join(kept) + ("" if thinks else said[start:]), prompt), thinks


def _alone(said: str, prompt: str) -> str:
    around = _AROUND.fullmatch(said)
    return around[1] if around and not _AROUND.match(prompt) else said


def _unfenced(said: str, prompt: str) -> str:
    fenced = _FENCE.fullmatch(said)
    return fenced[1] if fenced and "```" not in prompt else said


def _without_preamble(said: str, prompt: str) -> str:
    for pattern in (_HEADING, _PREAMBLE):
        found = pattern.match(said)
        if found and said[found.end() :].strip() and not any(pattern.match(line) for line in prompt.splitlines()):
            said = said[found.end() :]
    return said


def _unlisted(said: str, prompt: str) -> str:
    """The lines of a list as plain lines; a lone number is no list."""
    lines = [line.strip() for line in said.splitlines() if line.strip()]
    marks = [_BULLET.match(line) for line in lines]
    if len(lines) < 2 or any(_BULLET.match(line) for line in prompt.splitlines()):
        return said
    return (
        "\n".join(line[mark.end() :] for line, mark in zip(lines, marks, strict=True) if mark) if all(marks) else said
    )


def _unquoted(said: str, prompt: str) -> str:
    for first, last in _QUOTES:
        inner = said[1:-1]
        if said[:1] == first and said[-1:] == last and inner.strip() and not {first, last} & set(inner):
            return said if _quotes_a_line(prompt) else inner.strip()
    return said


def _quotes_a_line(prompt: str) -> bool:
    first, last = {pair[0] for pair in _QUOTES}, {pair[1] for pair in _QUOTES}
    lines = (line.strip() for line in prompt.splitlines())
    return any(len(line) > 1 and line[0] in first and line[-1] in last for line in lines)
