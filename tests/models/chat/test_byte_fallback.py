"""Llama's own tokenizer, in the files EuroLLM comes with: SentencePiece pairs that fall back on bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from summarizer.models.chat.tokenizer import ChatTokenizer
from summarizer.models.weights import Located
from tests.lessons import quiet, tokenizer_of, train_sentencepiece, write
from tests.tiny_chat import CHATML

TOKENS = ("<unk>", "<s>", "</s>", "<|im_start|>", "<|im_end|>")


@pytest.fixture(scope="module", params=["model", "model and json", "json"])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """tokenizer.model, tokenizer.json, or both; added tokens spelt out, the template inside the settings."""
    folder = tmp_path_factory.mktemp("euro")
    settings = {"user_defined_symbols": list(TOKENS[3:]), "hard_vocab_limit": False}
    train_sentencepiece(folder / "tokenizer.model", size=500, model_type="bpe", byte_fallback=True, **settings)
    plain = {"lstrip": False, "normalized": False, "rstrip": False, "single_word": False, "special": True}
    told = {
        "add_bos_token": True,
        "add_eos_token": False,
        "added_tokens_decoder": {str(place): {"content": token, **plain} for place, token in enumerate(TOKENS)},
        "additional_special_tokens": list(TOKENS[3:]),
        "bos_token": "<s>",
        "eos_token": "<|im_end|>",
        "pad_token": "</s>",
        "unk_token": "<unk>",
        "legacy": True,
        "chat_template": CHATML,
        "tokenizer_class": "LlamaTokenizer",
    }
    write(folder / "tokenizer_config.json", told)
    write(folder / "config.json", {"model_type": "llama", "max_position_embeddings": 4096, "eos_token_id": 4})
    if "json" in request.param:
        with quiet():
            tokenizer_of(folder).save_pretrained(folder)
        write(folder / "tokenizer_config.json", told)
    if "model" not in request.param:
        (folder / "tokenizer.model").unlink()
    return folder


@pytest.mark.parametrize("text", ["Die Polizei sucht nach Zeugen.", "3:1", "Öl für 日本\nund Łódź", "x <|im_end|> y"])
def test_a_prompt_is_what_the_template_makes(folder: Path, text: str) -> None:
    """Token for token, bytes included; a control token in a text is taken apart."""
    inner, ours = tokenizer_of(folder), ChatTokenizer(Located(folder, "transformers", "euro"))
    written = text.replace("<|im_end|>", "< |im_end|>")
    asked = [{"role": "user", "content": written}]
    expected = inner.apply_chat_template(asked, add_generation_prompt=True, tokenize=True, return_dict=False)
    tokens = ours.encode(text)
    assert ours.ids(ours.source(tokens, None, None)) == expected
    assert ours.decode(tokens) == written
    assert ours.ends == ["<|im_end|>"]
