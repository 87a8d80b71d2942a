"""A checkpoint -> a Hugging Face folder (Pegasus shape, Marian tokenizer files) and a CTranslate2 int8 folder.

python -m training.export --checkpoint final.pt --pieces spm.model --out export [--weights average] [--facts facts.json]
"""

import argparse
import json
import shutil
from pathlib import Path
from typing import Any

import ctranslate2
import sentencepiece
import torch
from torch import Tensor
from transformers import GenerationConfig, PegasusConfig, PegasusForConditionalGeneration

from training.model import Shape
from training.tokenizer import END, PAD, UNKNOWN

POSITIONS = 512
WINDOW = 128  # pieces a sentence should not exceed: the longest rows of training
NAME, VERSION = "de-en-small", "0.2"
LICENCE = "other: see README.md beside this file"


def hub_config(shape: Shape) -> PegasusConfig:
    """The same maths in transformers' words; `normalize_*` is read by CTranslate2's converter."""
    return PegasusConfig(
        vocab_size=shape.vocabulary, d_model=shape.width, max_position_embeddings=POSITIONS,
        encoder_layers=shape.encoder_layers, decoder_layers=shape.decoder_layers,
        encoder_attention_heads=shape.heads, decoder_attention_heads=shape.heads,
        encoder_ffn_dim=shape.inner, decoder_ffn_dim=shape.inner, activation_function="relu", scale_embedding=True,
        dropout=0.0, attention_dropout=0.0, activation_dropout=0.0, tie_word_embeddings=True,
        pad_token_id=PAD, eos_token_id=END, decoder_start_token_id=PAD, forced_eos_token_id=None, bos_token_id=None,
        normalize_before=True, normalize_embedding=False, add_final_layer_norm=True, static_position_embeddings=True,
    )  # fmt: skip


def hub_weights(ours: dict[str, Tensor], shape: Shape) -> dict[str, Tensor]:
    """Our names -> transformers' names: projections unstacked, layers renamed, tables tied."""
    theirs = {"model.shared.weight": ours["table"]}
    for side, count in (("encoder", shape.encoder_layers), ("decoder", shape.decoder_layers)):
        theirs |= _norm(f"model.{side}.layer_norm", ours, f"{side}_norm")
        for number in range(count):
            here, there = f"{side}.{number}", f"model.{side}.layers.{number}"
            theirs |= _norm(f"{there}.self_attn_layer_norm", ours, f"{here}.attention.norm")
            theirs |= _split(f"{there}.self_attn", "qkv", ours[f"{here}.attention.qkv"])
            theirs[f"{there}.self_attn.out_proj.weight"] = ours[f"{here}.attention.out"]
            if side == "decoder":
                theirs |= _norm(f"{there}.encoder_attn_layer_norm", ours, f"{here}.cross.norm")
                theirs |= _split(f"{there}.encoder_attn", "q", ours[f"{here}.cross.q"])
                theirs |= _split(f"{there}.encoder_attn", "kv", ours[f"{here}.cross.kv"])
                theirs[f"{there}.encoder_attn.out_proj.weight"] = ours[f"{here}.cross.out"]
            theirs |= _norm(f"{there}.final_layer_norm", ours, f"{here}.feed.norm")
            theirs |= {f"{there}.fc1.weight": ours[f"{here}.feed.up"], f"{there}.fc2.weight": ours[f"{here}.feed.down"]}
    return theirs


def _norm(there: str, ours: dict[str, Tensor], here: str) -> dict[str, Tensor]:
    return {f"{there}.{part}": ours[f"{here}.{part}"] for part in ("weight", "bias")}


def _split(there: str, letters: str, stacked: Tensor) -> dict[str, Tensor]:
    parts = stacked.chunk(len(letters))
    return {f"{there}.{letter}_proj.weight": part for letter, part in zip(letters, parts, strict=True)}


def hub_model(weights: dict[str, Tensor], shape: Shape) -> PegasusForConditionalGeneration:
    """The transformers model with these weights; every linear bias is zero."""
    model = PegasusForConditionalGeneration(hub_config(shape)).eval()
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.endswith("bias") and "norm" not in name:
                parameter.zero_()
    missing, unexpected = model.load_state_dict(hub_weights(weights, shape), strict=False)
    wrong = [name for name in missing if not _may_miss(name)]
    if wrong or unexpected:
        raise ValueError(f"weights do not fit: missing {wrong}, unexpected {unexpected}")
    model.generation_config = GenerationConfig(
        decoder_start_token_id=PAD, pad_token_id=PAD, eos_token_id=END, max_length=256, num_beams=4, early_stopping=True
    )
    return model


def _may_miss(name: str) -> bool:
    """Tied tables, fixed positions and the biases zeroed above."""
    return name.endswith(("_proj.bias", "fc1.bias", "fc2.bias")) or any(
        part in name for part in ("embed_tokens", "embed_positions", "lm_head", "final_logits_bias")
    )


def save_tokenizer(pieces: Path, folder: Path) -> None:
    """Marian's layout: the same SentencePiece file for both sides, vocab.json with SentencePiece's own ids."""
    processor = sentencepiece.SentencePieceProcessor(model_file=str(pieces))
    vocabulary = {processor.id_to_piece(number): number for number in range(processor.get_piece_size())}
    settings = {
        "tokenizer_class": "MarianTokenizer", "source_lang": "de", "target_lang": "en", "separate_vocabs": False,
        "model_max_length": POSITIONS, "pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>",
        "clean_up_tokenization_spaces": False,
    }  # fmt: skip
    for name in ("source.spm", "target.spm"):
        shutil.copyfile(pieces, folder / name)
    (folder / "vocab.json").write_text(json.dumps(vocabulary, ensure_ascii=False, indent=0), encoding="utf-8")
    (folder / "tokenizer_config.json").write_text(json.dumps(settings, indent=1), encoding="utf-8")
    special = {"pad_token": "<pad>", "eos_token": "</s>", "unk_token": "<unk>"}
    (folder / "special_tokens_map.json").write_text(json.dumps(special), encoding="utf-8")
    assert processor.id_to_piece([PAD, END, UNKNOWN]) == ["<pad>", "</s>", "<unk>"]


def convert(hub: Path, folder: Path, quantization: str) -> None:
    """The CTranslate2 folder of a Hugging Face folder."""
    converter = ctranslate2.converters.TransformersConverter(str(hub), copy_files=["source.spm"])
    converter.convert(str(folder), quantization=quantization, force=True)


def export(state: dict[str, Any], weights: str, pieces: Path, out: Path, facts: dict[str, Any]) -> None:
    """`out/hf` and `out/ct2`."""
    shape: Shape = state["shape"]
    hub = out / "hf"
    hub.mkdir(parents=True, exist_ok=True)
    chosen = {name: tensor.float() for name, tensor in state[weights].items()}
    hub_model(chosen, shape).save_pretrained(hub)
    save_tokenizer(pieces, hub)
    convert(hub, out / "ct2", "int8")
    sizes = {file.name: file.stat().st_size for file in sorted((out / "ct2").iterdir()) if file.name != "bundle.json"}
    bundle = {
        "name": NAME, "version": VERSION, "source": "de", "target": "en", "license": LICENCE,
        "window": WINDOW, "positions": POSITIONS,
        "parameters": sum(tensor.numel() for tensor in chosen.values()), "bytes": sizes,
    }  # fmt: skip
    (out / "ct2" / "bundle.json").write_text(json.dumps(bundle | facts, indent=1) + "\n", encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--weights", choices=("model", "average"), default="average")
    parser.add_argument("--pieces", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--facts", type=Path, help="JSON of what else bundle.json is to say: training, scores")
    options = parser.parse_args()
    state = torch.load(options.checkpoint, weights_only=False)
    facts = json.loads(options.facts.read_text(encoding="utf-8")) if options.facts else {}
    export(state, options.weights, options.pieces, options.out, facts)


if __name__ == "__main__":
    main()
