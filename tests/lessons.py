"""What the tiny models of ``tests.tiny`` learn by heart, and how: sentences, pieces, a short training loop."""
# ruff: noqa: PLC0415  # frameworks load only where a model is built

from __future__ import annotations

import io
import json
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

POSITIONS = 128
STEPS = 80

PAIRS: tuple[tuple[str, str], ...] = (
    ("Der Bürgermeister eröffnete die neue Brücke.", "The mayor opened the new bridge."),
    ("Die Polizei sucht nach Zeugen.", "The police are looking for witnesses."),
    ("Am Montag fielen 12 Liter Regen.", "On Monday 12 litres of rain fell."),
    ("Der Verein gewann das Spiel mit 3:1.", "The club won the match 3:1."),
    ("Die Schule bleibt am Freitag geschlossen.", "The school stays closed on Friday."),
    ("Niemand wurde verletzt.", "Nobody was injured."),
    ("Der Zug nach Hamburg hat Verspätung.", "The train to Hamburg is late."),
    ("Die Stadt plant einen Park am Fluss.", "The city plans a park by the river."),
)

OTHER_SENTENCES: tuple[str, ...] = (
    "Im Rathaus wurde gestern lange gestritten.",
    "Die Feuerwehr rückte mit vier Wagen aus.",
    "Das Wetter wird am Wochenende besser.",
    "Viele Pendler stiegen auf das Fahrrad um.",
    "Der Bäcker am Markt schließt nach 80 Jahren.",
    "Eine Sprecherin der Klinik bestätigte den Fall.",
    "Die Kosten liegen bei 1,2 Millionen Euro.",
    "In der Halle spielten am Abend drei Kapellen.",
    "The council argued for hours last night.",
    "The fire brigade sent four engines.",
    "The weather will improve at the weekend.",
    "Many commuters switched to bicycles.",
    "The bakery on the square closes after 80 years.",
    "A spokeswoman for the hospital confirmed the case.",
    "The costs amount to 1.2 million euros.",
    "Three bands played in the hall that evening.",
)

FEW = PAIRS[:4]  # what the models besides Marian learn: enough to compare engines by
FRENCH: tuple[str, ...] = (
    "Le maire a ouvert le nouveau pont.",
    "La police cherche qui a vu les faits.",
    "Il tomba 12 litres de pluie lundi.",
    "Le club gagna le match 3:1.",
)  # the first four of PAIRS once more, for models with several targets; in the letters of the other two languages
SENTENCES: tuple[str, ...] = tuple(text for pair in PAIRS for text in pair) + OTHER_SENTENCES


@dataclass(frozen=True, slots=True)
class Lesson:
    """Token ids of one pair: what the encoder reads, what the decoder begins with, and what it must say."""

    source: list[int]
    begin: list[int]
    target: list[int]


def train_sentencepiece(file: Path, *, size: int = 160, **settings: Any) -> Any:
    """A SentencePiece model of ``SENTENCES``, written to ``file`` and opened."""
    import sentencepiece

    file.parent.mkdir(parents=True, exist_ok=True)
    written = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(SENTENCES),
        model_writer=written,
        vocab_size=size,
        minloglevel=2,
        num_threads=1,
        **settings,
    )
    file.write_bytes(written.getvalue())
    return sentencepiece.SentencePieceProcessor(model_proto=written.getvalue())


def tokenizer_of(folder: Path) -> Any:
    """The tokenizer transformers itself makes of a folder."""
    from transformers import AutoTokenizer

    with quiet():
        return AutoTokenizer.from_pretrained(folder)


def memorise(model: Any, lessons: Sequence[Lesson], *, steps: int, rate: float = 8e-3) -> float:
    """Teach a model its lessons by heart, all in one batch; returns the last loss."""
    import torch

    pad, skip = model.config.pad_token_id, len(lessons[0].begin) - 1
    sources = _padded([lesson.source for lesson in lessons], pad)
    labels = _padded([lesson.target for lesson in lessons], -100)
    inputs = _padded([[*lesson.begin, *lesson.target[:-1]] for lesson in lessons], pad)
    optimiser = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.0, fused=True)
    embeddings, more = model.get_input_embeddings(), {}
    if model.config.model_type == "led":  # its summarisers let the first token see all others
        more["global_attention_mask"] = torch.zeros_like(sources)
        more["global_attention_mask"][:, 0] = 1
    loss = torch.zeros(())
    model.train()
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = rate * min(1.0, (step + 1) / 10, 2 * (steps - step) / steps)
        mask = (sources != pad).long()
        logits = model(input_ids=sources, attention_mask=mask, decoder_input_ids=inputs, **more).logits
        loss = torch.nn.functional.cross_entropy(logits[:, skip:].flatten(0, 1), labels.flatten())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        with torch.no_grad():
            embeddings.weight[pad] = 0.0  # as in the real ones: CTranslate2 starts Marian from a zero vector
    model.eval()
    return float(loss.detach())


def plain_lessons(tokenizer: Any) -> list[Lesson]:
    """Of T5's kin: the decoder begins with the token 0."""
    return [Lesson(tokenizer(a)["input_ids"], [0], tokenizer(b)["input_ids"]) for a, b in FEW]


def taught(folder: Path, kind: Any, config: Any, lessons: Any, *, steps: int, untied: bool = False, **hub: Any) -> Path:
    """Build, teach, save; ``hub`` are keys the hub's files hold and today's transformers no longer writes.

    ``untied`` gives the model an output layer of its own, as mT5 and its kin have one, whatever its configuration says.
    """
    import torch

    torch.manual_seed(0)
    with quiet():
        model = kind(config)
        if untied:
            model.lm_head.weight = torch.nn.Parameter(torch.randn_like(model.lm_head.weight))
        if steps:
            memorise(model, lessons(tokenizer_of(folder)) if callable(lessons) else lessons, steps=steps)
        model.save_pretrained(folder)
    write(folder / "config.json", {**json.loads((folder / "config.json").read_text()), **hub})
    return folder


def write(file: Path, content: Any) -> None:
    """``content`` as a JSON file; its folder is made."""
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


@contextmanager
def quiet() -> Iterator[None]:
    """Building is not the thing tested: other projects' warnings and progress bars are not ours."""
    from transformers.utils import logging

    logging.disable_progress_bar()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield


def _padded(rows: Sequence[list[int]], pad: int) -> Any:
    import torch

    width = max(map(len, rows))
    return torch.tensor([[*row, *[pad] * (width - len(row))] for row in rows])
