"""A model of opus-mt-de-en's shape with random weights: 6+6 layers, 512 wide, 58,101 tokens. Built in seconds."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

from benchmarks.speed_texts import some

PIECES = 1200  # of such plain texts; 1.2 tokens per word then, near the real model
VOCABULARY = 58_101
LAYERS, WIDTH, HEADS, INNER = 6, 512, 8, 2048
SPREAD = 0.06


def opus_shaped(folder: Path, *, small: bool = False, seed: int = 1) -> Path:
    """The folder, filled as the Hub's is: safetensors, configuration, two SentencePiece files and a vocabulary.

    ``small`` makes a tiny one, to try the way.
    """
    import torch  # noqa: PLC0415
    from transformers import MarianConfig, MarianMTModel  # noqa: PLC0415

    folder.mkdir(parents=True, exist_ok=True)
    pieces = _pieces(folder)
    vocabulary = ["</s>", "<unk>", *(piece for piece in pieces if piece not in ("</s>", "<unk>", "<s>"))]
    vocabulary += [f"▁wort{index}" for index in range((0 if small else VOCABULARY) - 1 - len(vocabulary))] + ["<pad>"]
    size, layers, width = len(vocabulary), 1 if small else LAYERS, 64 if small else WIDTH
    _write(folder / "vocab.json", {piece: index for index, piece in enumerate(vocabulary)})
    _write(
        folder / "tokenizer_config.json",
        {"tokenizer_class": "MarianTokenizer", "model_max_length": 512, "source_lang": "de", "target_lang": "en"},
    )
    config = MarianConfig(
        vocab_size=size, d_model=width, encoder_layers=layers, decoder_layers=layers,
        encoder_attention_heads=HEADS, decoder_attention_heads=HEADS, encoder_ffn_dim=INNER, decoder_ffn_dim=INNER,
        activation_function="swish", max_position_embeddings=512, scale_embedding=True, init_std=SPREAD,
        pad_token_id=size - 1, eos_token_id=0, decoder_start_token_id=size - 1, bos_token_id=0,
        forced_eos_token_id=None,
    )  # fmt: skip
    torch.manual_seed(seed)
    model = MarianMTModel(config).eval()
    _vary(model)
    model.generation_config.bad_words_ids = [[size - 1]]
    model.save_pretrained(folder)
    return folder


def _vary(model: Any) -> None:
    """Let the next token hang on the last one only, through random layers: a walk that seldom comes back.

    As drawn, a random decoder says one token for ever, and the loop guard, which the other programs lack, would have
    more to do than with any trained model. The sums to be done stay the same.
    """
    for layer in model.model.decoder.layers:
        layer.self_attn.out_proj.weight.data *= 0.1
        layer.encoder_attn.out_proj.weight.data *= 0.1
        layer.fc2.weight.data -= layer.fc2.weight.data.mean(dim=1, keepdim=True)


def _pieces(folder: Path) -> list[str]:
    """Train one SentencePiece model, write it for both sides, and list its pieces."""
    from sentencepiece import SentencePieceProcessor, SentencePieceTrainer  # noqa: PLC0415

    written = io.BytesIO()
    SentencePieceTrainer.train(
        sentence_iterator=iter(some(4000, seed=7)), model_writer=written, vocab_size=PIECES, model_type="bpe",
        character_coverage=1.0, minloglevel=2,
    )  # fmt: skip
    for name in ("source.spm", "target.spm"):
        (folder / name).write_bytes(written.getvalue())
    processor = SentencePieceProcessor(model_proto=written.getvalue())
    return [processor.id_to_piece(index) for index in range(processor.get_piece_size())]


def _write(file: Path, content: object) -> None:
    file.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
