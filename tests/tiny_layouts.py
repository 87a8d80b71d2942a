"""The tiny models again, in the very files their namesakes on the Hub hold: names, keys, and what is not there.

Written from those repositories' file lists and settings, which transformers 4 wrote: special tokens in three places,
bounds and beams in two, sampling, weights in shards. Each function changes a copy of a tiny model's folder in place.
"""
# ruff: noqa: PLC0415  # frameworks load only where a model is built

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.lessons import quiet, tokenizer_of, write

NO_LIMIT = 1000000000000000019884624838656


def opus(folder: Path) -> None:
    """Helsinki-NLP/opus-mt-de-en: no tokenizer class, beams and bounds in both files, pickles of three frameworks beside."""
    config = _read(folder / "config.json")
    pad = config["pad_token_id"]
    own = {"bad_words_ids": [[pad]], "forced_eos_token_id": 0, "max_length": 512, "num_beams": 6}
    (folder / "special_tokens_map.json").unlink(missing_ok=True)
    write(folder / "tokenizer_config.json", {"target_lang": "en", "source_lang": "de"})
    write(
        folder / "config.json",
        _before_five(config)
        | own
        | {
            "_num_labels": 3,
            "add_bias_logits": False,
            "classif_dropout": 0.0,
            "extra_pos_embeddings": pad + 1,
            "id2label": {"0": "LABEL_0", "1": "LABEL_1", "2": "LABEL_2"},
            "normalize_before": False,
            "normalize_embedding": False,
            "share_encoder_decoder_embeddings": True,
            "static_position_embeddings": True,
        },
    )
    ids = {"bos_token_id": 0, "decoder_start_token_id": pad, "eos_token_id": 0, "pad_token_id": pad}
    write(folder / "generation_config.json", own | ids | {"renormalize_logits": True, "transformers_version": "4.32.0"})
    for name in ("pytorch_model.bin", "tf_model.h5", "rust_model.ot"):
        (folder / name).write_bytes(b"nobody reads this")


def m2m100(folder: Path) -> None:
    """facebook/m2m100_418M: vocab.json and a SentencePiece file; a hundred language tokens told in two places."""
    codes = list(tokenizer_of(folder).lang_token_to_id)
    names = {"bos_token": "<s>", "eos_token": "</s>", "sep_token": "</s>", "pad_token": "<pad>", "unk_token": "<unk>"}
    own = {"early_stopping": True, "max_length": 200, "num_beams": 5}
    write(folder / "special_tokens_map.json", {**names, "additional_special_tokens": codes})
    write(
        folder / "tokenizer_config.json",
        {
            **names,
            "src_lang": None,
            "tgt_lang": None,
            "language_codes": "m2m100",
            "num_madeup_words": 8,
            "model_max_length": 1024,
            "additional_special_tokens": codes,
            "special_tokens_map_file": "m2m_100_1.2B_v2/special_tokens_map.json",
            "tokenizer_file": None,
            "name_or_path": "m2m_100_1.2B_v2",
            "tokenizer_class": "M2M100Tokenizer",
        },
    )
    write(folder / "config.json", _before_five(_read(folder / "config.json")) | own)
    write(folder / "generation_config.json", own | {"bos_token_id": 0, "decoder_start_token_id": 2, "eos_token_id": 2, "pad_token_id": 1})  # fmt: skip


def nllb(folder: Path) -> None:
    """facebook/nllb-200-distilled-600M: tokenizer.json and settings of transformers 4, which list the languages."""
    codes = [token for token in tokenizer_of(folder).get_vocab() if token[-5:] == "_Latn"]
    names = {"bos_token": "<s>", "eos_token": "</s>", "sep_token": "</s>", "cls_token": "<s>", "unk_token": "<unk>", "pad_token": "<pad>"}  # fmt: skip
    mask = {"content": "<mask>", "lstrip": True, "normalized": True, "rstrip": False, "single_word": False}
    write(folder / "special_tokens_map.json", {**names, "additional_special_tokens": codes, "mask_token": mask})
    write(
        folder / "tokenizer_config.json",
        {
            **names,
            "additional_special_tokens": codes,
            "mask_token": {"__type": "AddedToken", **mask},
            "model_max_length": 1024,
            "sp_model_kwargs": {},
            "src_lang": "eng_Latn",
            "tgt_lang": None,
            "tokenizer_class": "NllbTokenizer",
        },
    )
    own = {"max_length": 200, "tokenizer_class": "NllbTokenizer"}
    write(folder / "config.json", _before_five(_read(folder / "config.json")) | own)
    write(folder / "generation_config.json", {"bos_token_id": 0, "decoder_start_token_id": 2, "eos_token_id": 2, "max_length": 200, "pad_token_id": 1})  # fmt: skip


def mbart50(folder: Path) -> None:
    """facebook/mbart-large-50-many-to-many-mmt: one SentencePiece file, a forced end, half precision in the shards."""
    codes = [token for token in tokenizer_of(folder).get_vocab() if token[2:3] == "_" and len(token) == 5]
    names = {"bos_token": "<s>", "eos_token": "</s>", "sep_token": "</s>", "cls_token": "<s>", "unk_token": "<unk>", "pad_token": "<pad>"}  # fmt: skip
    mask = {"content": "<mask>", "single_word": False, "lstrip": True, "rstrip": False, "normalized": True}
    more = {"mask_token": mask, "additional_special_tokens": codes}
    write(folder / "special_tokens_map.json", {**names, **more})
    write(
        folder / "tokenizer_config.json",
        {
            **names,
            "mask_token": {"__type": "AddedToken", **mask},
            "additional_special_tokens": codes,
            "src_lang": None,
            "tgt_lang": None,
            "language_codes": "ML50",
            "special_tokens_map_file": "special_tokens_map.json",
            "tokenizer_class": "MBart50Tokenizer",
        },
    )
    own = {"forced_eos_token_id": 2, "max_length": 200, "num_beams": 5, "early_stopping": True}
    more = {"add_bias_logits": False, "add_final_layer_norm": True, "normalize_before": True, "normalize_embedding": True, "static_position_embeddings": False}  # fmt: skip
    write(folder / "config.json", _before_five(_read(folder / "config.json")) | own | more)
    write(folder / "generation_config.json", own | {"bos_token_id": 0, "decoder_start_token_id": 2, "eos_token_id": 2, "pad_token_id": 1})  # fmt: skip


def mt5(folder: Path) -> None:
    """google/mt5-small: a SentencePiece file, no tokenizer.json."""
    names = {"eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>"}
    write(folder / "special_tokens_map.json", names)
    more = {"extra_ids": 0, "additional_special_tokens": None, "special_tokens_map_file": "special_tokens_map.json", "tokenizer_file": None}  # fmt: skip
    write(folder / "tokenizer_config.json", {**names, **more, "tokenizer_class": "T5Tokenizer"})
    own = {"is_encoder_decoder": True, "output_past": True, "relative_attention_max_distance": 128, "tokenizer_class": "T5Tokenizer"}  # fmt: skip
    write(folder / "config.json", _before_five(_read(folder / "config.json")) | own)


def mt5_json(folder: Path) -> None:
    """The German mT5 summarisers: tokenizer.json beside the SentencePiece file, bounds in the settings."""
    with quiet():
        tokenizer_of(folder).save_pretrained(folder)
    mt5(folder)
    more = {
        "model_max_length": 1000000000000000019884624838656,
        "sp_model_kwargs": {},
        "name_or_path": "google/mt5-small",
    }
    write(folder / "tokenizer_config.json", _read(folder / "tokenizer_config.json") | more)
    write(folder / "generation_config.json", {"decoder_start_token_id": 0, "eos_token_id": 1, "pad_token_id": 0, "max_length": 84, "num_beams": 4, "no_repeat_ngram_size": 2})  # fmt: skip


def mt5_json_only(folder: Path) -> None:
    """The same where only the fast tokenizer was saved."""
    mt5_json(folder)
    (folder / "spiece.model").unlink()


def madlad(folder: Path) -> None:
    """google/madlad400-3b-mt: tokenizer.json, the first tokens spelt out; embeddings under the decoder's name alone."""
    _renamed(folder, "shared.weight", "decoder.embed_tokens.weight")
    with quiet():
        tokenizer_of(folder).save_pretrained(folder)
    names = {"bos_token": "<s>", "eos_token": "</s>", "pad_token": "<s>", "unk_token": "<unk>"}
    more = {"lstrip": False, "normalized": False, "rstrip": False, "single_word": False, "special": True}
    write(folder / "special_tokens_map.json", {name: {"content": token, **more} for name, token in names.items()})
    write(
        folder / "tokenizer_config.json",
        {
            **names,
            "added_tokens_decoder": {
                str(place): {"content": token, **more} for place, token in enumerate(("<unk>", "<s>", "</s>"))
            },
            "additional_special_tokens": [],
            "clean_up_tokenization_spaces": True,
            "extra_ids": 0,
            "model_max_length": NO_LIMIT,
            "sp_model_kwargs": {},
            "tokenizer_class": "T5Tokenizer",
        },
    )
    write(folder / "config.json", _before_five(_read(folder / "config.json")) | {"tokenizer_class": "T5Tokenizer"})
    write(folder / "generation_config.json", {"_from_model_config": True, "decoder_start_token_id": 0, "eos_token_id": 2, "pad_token_id": 1})  # fmt: skip


def eurollm(folder: Path) -> None:
    """utter-project/EuroLLM-1.7B-Instruct: the template inside the settings, added tokens spelt out, a pad of its own."""
    template = tokenizer_of(folder).chat_template
    (folder / "chat_template.jinja").unlink(missing_ok=True)
    write(
        folder / "tokenizer_config.json",
        {
            "add_bos_token": False,
            "add_eos_token": False,
            "added_tokens_decoder": _added(folder),
            "additional_special_tokens": ["<|im_start|>", "<|im_end|>"],
            "bos_token": "<s>",
            "chat_template": template,
            "clean_up_tokenization_spaces": False,
            "eos_token": "<|im_end|>",
            "legacy": True,
            "model_max_length": NO_LIMIT,
            "pad_token": "</s>",
            "sp_model_kwargs": {},
            "tokenizer_class": "PreTrainedTokenizerFast",
            "use_default_system_prompt": False,
        },
    )
    _halved(folder)
    config = _before_five(_read(folder / "config.json"))
    rope = {"rope_theta": 10000.0, "rope_scaling": None}
    write(folder / "config.json", {**config, **rope, "torch_dtype": "bfloat16", "use_cache": False})
    write(folder / "generation_config.json", {"_from_model_config": True, "bos_token_id": config["bos_token_id"], "eos_token_id": config["eos_token_id"]})  # fmt: skip


def qwen3(folder: Path) -> None:
    """Qwen/Qwen3: a template in a file of its own, sampling asked for, two ends, extra tokens as a list, shards."""
    tokenizer = tokenizer_of(folder)
    (folder / "chat_template.jinja").write_text(tokenizer.chat_template, encoding="utf-8")
    own = _read(folder / "tokenizer_config.json")
    own.pop("chat_template", None)
    own.pop("extra_special_tokens", None)
    write(
        folder / "tokenizer_config.json",
        own | {"extra_special_tokens": ["<|im_start|>", "<|im_end|>"], "added_tokens_decoder": _added(folder), "errors": "replace", "split_special_tokens": False},
    )  # fmt: skip
    ends = [tokenizer.eos_token_id, tokenizer.convert_tokens_to_ids("</s>")]
    sampling = {"do_sample": True, "temperature": 0.6, "top_k": 20, "top_p": 0.95}
    write(folder / "generation_config.json", {"bos_token_id": ends[1], "eos_token_id": ends, "pad_token_id": ends[1], **sampling})  # fmt: skip
    _halved(folder)
    sharded(folder)


def sharded(folder: Path) -> None:
    """Weights in several files and an index of them, as large models come."""
    from safetensors.torch import load_file, save_file

    tensors = load_file(folder / "model.safetensors")
    (folder / "model.safetensors").unlink()
    half = len(tensors) // 2
    places = {}
    for number, names in enumerate((list(tensors)[:half], list(tensors)[half:]), 1):
        file = f"model-{number:05d}-of-00002.safetensors"
        save_file({name: tensors[name] for name in names}, folder / file, metadata={"format": "pt"})
        places |= dict.fromkeys(names, file)
    write(folder / "model.safetensors.index.json", {"metadata": {"total_size": 1}, "weight_map": places})


# Layout -> the tiny model it begins with, the Hub's name, and which wrappers run it.
LAYOUTS: dict[str, tuple[str, str, Callable[[Path], None]]] = {
    "opus": ("marian", "Helsinki-NLP/opus-mt-de-en", opus),
    "opus_sharded": ("marian", "Helsinki-NLP/opus-mt-de-en", sharded),
    "m2m100": ("m2m100", "facebook/m2m100_418M", m2m100),
    "nllb": ("nllb", "facebook/nllb-200-distilled-600M", nllb),
    "mbart50": ("mbart50", "facebook/mbart-large-50-many-to-many-mmt", mbart50),
    "mt5": ("mt5", "google/mt5-small", mt5),
    "mt5_json": ("mt5", "deutsche-telekom/mt5-small-sum-de-mit-v1", mt5_json),
    "mt5_json_only": ("mt5", "someone/mt5-small-sum-de", mt5_json_only),
    "madlad": ("madlad", "google/madlad400-3b-mt", madlad),
    "eurollm": ("llama", "utter-project/EuroLLM-1.7B-Instruct", eurollm),
    "qwen3": ("qwen3", "Qwen/Qwen3-4B", qwen3),
}


def laid_out(layout: str, folder: Path, target: Path) -> Path:
    """A copy of the tiny model in ``folder``, in the files of that layout."""
    shutil.copytree(folder, target)
    LAYOUTS[layout][2](target)
    return target


def _renamed(folder: Path, old: str, new: str) -> None:
    from safetensors.torch import load_file, save_file

    tensors = load_file(folder / "model.safetensors")
    tensors[new] = tensors.pop(old)
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})


def _halved(folder: Path) -> None:
    """In bfloat16, as instruction models come."""
    import torch
    from safetensors.torch import load_file, save_file

    tensors = {name: tensor.to(torch.bfloat16) for name, tensor in load_file(folder / "model.safetensors").items()}
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})


def _added(folder: Path) -> dict[str, Any]:
    tokens = _read(folder / "tokenizer.json")["added_tokens"]
    return {str(token["id"]): {key: value for key, value in token.items() if key != "id"} for token in tokens}


def _before_five(config: dict[str, Any]) -> dict[str, Any]:
    """As transformers 4 wrote it."""
    kept = {
        key: value for key, value in config.items() if key not in ("dtype", "transformers_version", "rope_parameters")
    }
    return {**kept, "torch_dtype": "float32", "transformers_version": "4.38.0"}


def _read(file: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return content
