"""Tiny models built on the spot, in the layout of the hub's repositories: a minute of reading instead of a download.

Every builder takes an empty folder and returns it filled: safetensors, configuration, tokenizer. The weights are a few
dozen kilobytes; with ``steps`` they have learnt ``PAIRS`` by heart, so that the words of a test mean something.
"""

from __future__ import annotations

import io
import json
import warnings
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

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

SENTENCES: tuple[str, ...] = tuple(text for pair in PAIRS for text in pair) + OTHER_SENTENCES

END = "</s>"
PAD, UNKNOWN = "<pad>", "<unk>"


def marian(folder: Path, *, steps: int = 120, targets: Sequence[str] = (), seed: int = 0) -> Path:
    """An OPUS-MT folder. ``targets`` such as ``(">>eng<<", ">>fra<<")`` make it a multi-target model."""
    from transformers import MarianConfig, MarianMTModel

    spm = train_sentencepiece(folder / "source.spm", unk_id=1, eos_id=0, bos_id=-1, pad_id=-1)
    (folder / "target.spm").write_bytes((folder / "source.spm").read_bytes())
    pieces = [spm.id_to_piece(index) for index in range(spm.get_piece_size())]
    vocabulary = [*pieces, *targets, PAD]
    ids = {piece: index for index, piece in enumerate(vocabulary)}
    _write(folder / "vocab.json", ids)
    _write(
        folder / "tokenizer_config.json",
        {"tokenizer_class": "MarianTokenizer", "source_lang": "de", "target_lang": "en", "model_max_length": 128},
    )
    config = MarianConfig(
        **_sizes(len(vocabulary)),
        pad_token_id=ids[PAD],
        eos_token_id=ids[END],
        decoder_start_token_id=ids[PAD],
        bad_words_ids=[[ids[PAD]]],
        forced_eos_token_id=ids[END],
        static_position_embeddings=True,
        scale_embedding=True,
        num_beams=6,
        max_length=128,
    )
    model = _made(MarianMTModel, config, seed)

    def encoded(text: str, *, source: bool) -> list[int]:
        front = [targets[0]] if source and targets else []
        return [ids[piece] for piece in (*front, *spm.encode(text, out_type=str), END)]

    memorise(model, [(encoded(a, source=True), encoded(b, source=False)) for a, b in PAIRS], steps=steps)
    return _saved(model, folder)


def memorise(model: Any, pairs: Sequence[tuple[list[int], list[int]]], *, steps: int, rate: float = 5e-3) -> float:
    """Teach a model pairs of token ids by heart, in one batch; returns the last loss."""
    import torch

    pad, start = model.config.pad_token_id, model.config.decoder_start_token_id
    sources = _padded([source for source, _ in pairs], pad)
    labels = _padded([target for _, target in pairs], pad)
    inputs = torch.cat([torch.full((len(pairs), 1), start), labels[:, :-1]], dim=1)
    optimiser = torch.optim.AdamW(model.parameters(), lr=rate, weight_decay=0.0)
    loss = torch.zeros(())
    embeddings = model.get_input_embeddings()
    model.train()
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = rate * min(1.0, (step + 1) / 10, (steps - step) / (steps / 2))
        logits = model(input_ids=sources, attention_mask=(sources != pad).long(), decoder_input_ids=inputs).logits
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), labels.flatten(), ignore_index=pad)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        with torch.no_grad():
            embeddings.weight[pad] = 0.0  # as in the real ones: CTranslate2 starts Marian from a zero vector
    model.eval()
    return float(loss.detach())


def train_sentencepiece(file: Path, *, size: int = 160, **ids: int) -> Any:
    """A SentencePiece model of ``SENTENCES``, written to ``file`` and opened."""
    import sentencepiece

    file.parent.mkdir(parents=True, exist_ok=True)
    written = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(SENTENCES), model_writer=written, vocab_size=size, minloglevel=2, num_threads=1, **ids
    )
    file.write_bytes(written.getvalue())
    return sentencepiece.SentencePieceProcessor(model_proto=written.getvalue())


def _sizes(vocabulary: int) -> dict[str, Any]:
    """The smallest shape all BART-like models share; dropout off, since learning by heart is the point."""
    return {
        "vocab_size": vocabulary,
        "d_model": 64,
        "encoder_layers": 1,
        "decoder_layers": 1,
        "encoder_attention_heads": 2,
        "decoder_attention_heads": 2,
        "encoder_ffn_dim": 96,
        "decoder_ffn_dim": 96,
        "max_position_embeddings": 128,
        "activation_function": "relu",
        "dropout": 0.0,
        "attention_dropout": 0.0,
        "activation_dropout": 0.0,
    }


def _made(kind: Any, config: Any, seed: int) -> Any:
    import torch

    torch.manual_seed(seed)
    with quiet():
        return kind(config)


def _saved(model: Any, folder: Path) -> Path:
    with quiet():
        model.save_pretrained(folder)
    return folder


def _padded(rows: Sequence[list[int]], pad: int) -> Any:
    import torch

    width = max(map(len, rows))
    return torch.tensor([[*row, *[pad] * (width - len(row))] for row in rows])


def _write(file: Path, content: Any) -> None:
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")


@contextmanager
def quiet() -> Iterator[None]:
    """Building is not the thing tested: other projects' warnings are not ours."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
