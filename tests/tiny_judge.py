"""A tiny BERT that learns by heart which of a few lines their premise backs: a second of training instead of a download."""
# ruff: noqa: PLC0415  # frameworks load only where a model is built

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.lessons import quiet

LABELS = ("entailment", "neutral", "contradiction")

PAIRS: tuple[tuple[str, str, str], ...] = (
    ("die stadt baut eine brücke", "eine brücke wird gebaut", "entailment"),
    ("die stadt baut eine brücke", "die stadt baut keine brücke", "contradiction"),
    ("die stadt baut eine brücke", "der verein gewann das spiel", "neutral"),
    ("der verein gewann das spiel", "das spiel wurde gewonnen", "entailment"),
    ("der verein gewann das spiel", "der verein gewann das spiel nicht", "contradiction"),
    ("der verein gewann das spiel", "eine brücke wird gebaut", "neutral"),
    ("am montag fiel regen", "es regnete am montag", "entailment"),
    ("am montag fiel regen", "es blieb am montag trocken", "contradiction"),
)


def bert(folder: Path, *, steps: int = 60) -> Path:
    """A BertForSequenceClassification with its word tokenizer, as the hub's repositories hold one."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification, BertTokenizer

    words = sorted({word for premise, line, _ in PAIRS for word in f"{premise} {line}".split()} | {"ja", "nein"})
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *words]
    (folder / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    with quiet():
        tokenizer = BertTokenizer(str(folder / "vocab.txt"), strip_accents=False)
        tokenizer.save_pretrained(folder)
        torch.manual_seed(0)
        model = BertForSequenceClassification(
            BertConfig(
                vocab_size=len(vocabulary),
                hidden_size=32,
                num_hidden_layers=1,
                num_attention_heads=2,
                intermediate_size=64,
                max_position_embeddings=48,
                hidden_dropout_prob=0.0,
                attention_probs_dropout_prob=0.0,
                initializer_range=0.1,  # at 0.02 so small a model learns one text by heart and not the pair
                id2label=dict(enumerate(LABELS)),
                label2id={label: place for place, label in enumerate(LABELS)},
            )
        )
        _learn(model, tokenizer, steps)
        model.save_pretrained(folder)
    return folder


def _learn(model: Any, tokenizer: Any, steps: int) -> None:
    import torch

    premises, lines, labels = zip(*PAIRS, strict=True)
    batch = tokenizer(list(premises), list(lines), padding=True, return_tensors="pt")
    wanted = torch.tensor([LABELS.index(label) for label in labels])
    optimiser = torch.optim.AdamW(model.parameters(), lr=2e-3, fused=True)
    model.train()
    for _ in range(steps):
        loss = model(**batch, labels=wanted).loss
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    model.eval()
