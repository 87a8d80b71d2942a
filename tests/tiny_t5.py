"""Tiny models of T5's kin, built on the spot like those of ``tests.tiny``: T5, mT5, UMT5, LongT5, MADLAD-400."""
# ruff: noqa: PLC0415  # frameworks load only where a model is built

from __future__ import annotations

from pathlib import Path
from typing import Any

from tests.lessons import (
    FEW,
    FRENCH,
    POSITIONS,
    STEPS,
    Lesson,
    plain_lessons,
    quiet,
    taught,
    tokenizer_of,
    train_sentencepiece,
    write,
)

__all__ = ["longt5", "madlad", "mt5", "t5", "umt5"]


def t5(folder: Path, *, steps: int = STEPS) -> Path:
    """T5: tied embeddings, plain activation, sentinels; told in words what to do, here for both directions."""
    from transformers import T5Config, T5ForConditionalGeneration

    spm = _spiece(folder, extra_ids=4)
    config = T5Config(
        **_t5_sizes(spm.get_piece_size() + 4 + 6), n_positions=POSITIONS, tie_word_embeddings=True
    )  # padded, as the real ones are

    def lessons(tokenizer: Any) -> list[Lesson]:
        told = [
            row
            for german, english in FEW
            for row in (
                (f"translate German to English: {german}", english),
                (f"translate English to German: {english}", german),
            )
        ]
        return [Lesson(tokenizer(a)["input_ids"], [0], tokenizer(b)["input_ids"]) for a, b in (*FEW, *told)]

    return taught(folder, T5ForConditionalGeneration, config, lessons, steps=2 * steps)  # three times as much to learn


def mt5(folder: Path, *, steps: int = STEPS) -> Path:
    """mT5: a SentencePiece file only, relative positions, gated activation."""
    from transformers import MT5Config, MT5ForConditionalGeneration

    config = MT5Config(**_t5_sizes(_spiece(folder).get_piece_size() + 6), tie_word_embeddings=False)
    return taught(folder, MT5ForConditionalGeneration, config, plain_lessons, steps=steps, untied=True)


def umt5(folder: Path, *, steps: int = STEPS) -> Path:
    """UMT5: mT5 with relative positions of every layer's own."""
    from transformers import UMT5Config, UMT5ForConditionalGeneration

    config = UMT5Config(**_t5_sizes(_spiece(folder).get_piece_size() + 6), tie_word_embeddings=False)
    with quiet():
        tokenizer_of(folder).save_pretrained(folder)  # the hub's folders hold a tokenizer.json too, and must
    return taught(folder, UMT5ForConditionalGeneration, config, plain_lessons, steps=steps, untied=True)


def longt5(folder: Path, *, steps: int = STEPS) -> Path:
    """LongT5 with transient global attention: long inputs, each token seeing its neighbours and a summary of all."""
    from transformers import LongT5Config, LongT5ForConditionalGeneration

    config = LongT5Config(
        **_t5_sizes(_spiece(folder).get_piece_size() + 6),
        n_positions=POSITIONS,
        encoder_attention_type="transient-global",
        local_radius=15,
        global_block_size=4,
        feed_forward_proj="gated-gelu",
        tie_word_embeddings=False,
    )
    return taught(folder, LongT5ForConditionalGeneration, config, plain_lessons, steps=steps, untied=True)


def madlad(folder: Path, *, steps: int = STEPS) -> Path:
    """MADLAD-400: a T5 that is told its target by ``<2en>``, starts with ``<unk>`` and pads with ``<s>``."""
    from transformers import T5Config, T5ForConditionalGeneration

    spm = train_sentencepiece(
        folder / "spiece.model",
        unk_id=0,
        bos_id=1,
        eos_id=2,
        pad_id=-1,
        user_defined_symbols=["<2de>", "<2en>", "<2fr>"],
    )
    names = {"unk_token": "<unk>", "eos_token": "</s>", "pad_token": "<s>"}
    write(folder / "tokenizer_config.json", {"tokenizer_class": "T5Tokenizer", "extra_ids": 0, **names})
    sizes = _t5_sizes(spm.get_piece_size() + 5) | {"pad_token_id": 1, "eos_token_id": 2}
    config = T5Config(**sizes, feed_forward_proj="gated-gelu", tie_word_embeddings=False)

    def lessons(tokenizer: Any) -> list[Lesson]:
        french = [(german, text) for (german, _), text in zip(FEW, FRENCH, strict=True)]
        rows = [("<2en>", FEW), ("<2fr>", french), ("<2de>", [(english, german) for german, english in FEW])]
        return [
            Lesson([spm.piece_to_id(token), *tokenizer(a)["input_ids"]], [0], tokenizer(b)["input_ids"])
            for token, pairs in rows
            for a, b in pairs
        ]

    return taught(
        folder, T5ForConditionalGeneration, config, lessons, steps=steps, untied=True
    )  # twice as much to learn


def _spiece(folder: Path, *, extra_ids: int = 0) -> Any:
    """T5's own tokenizer file and settings."""
    spm = train_sentencepiece(folder / "spiece.model", pad_id=0, eos_id=1, unk_id=2, bos_id=-1)
    write(folder / "tokenizer_config.json", {"tokenizer_class": "T5Tokenizer", "extra_ids": extra_ids})
    return spm


def _t5_sizes(vocabulary: int) -> dict[str, Any]:
    return {
        "vocab_size": vocabulary,
        "d_model": 64,
        "d_kv": 32,
        "d_ff": 96,
        "num_heads": 2,
        "num_layers": 2,
        "num_decoder_layers": 2,
        "dropout_rate": 0.0,
        "pad_token_id": 0,
        "eos_token_id": 1,
        "decoder_start_token_id": 0,
    }
