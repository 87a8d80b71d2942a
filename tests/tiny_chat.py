"""Tiny instruction models built on the spot: Llama and Qwen shapes, a chat template, lessons learnt by heart."""
# ruff: noqa: PLC0415  # frameworks load only where a model is built

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from summarizer.text.prompts import SUMMARY, TRANSLATION, filled
from tests.lessons import FEW, SENTENCES, quiet, tokenizer_of, write

__all__ = ["ARTICLE", "BUILDERS", "SHORT"]

STEPS = 60
POSITIONS = 512
ARTICLE = " ".join(german for german, _ in FEW)
SHORT = f"{FEW[0][0]} {FEW[2][0]}"

# As the ChatML family writes it; the second knows no system role and says so, as Gemma's does.
CHATML = (
    "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{{ message['content'] }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
TURNS = (
    "{{ bos_token }}{% if messages[0]['role'] == 'system' %}{{ raise_exception('System role not supported') }}{% endif %}"
    "{% for message in messages %}<start>{{ message['role'] }}\n{{ message['content'] | trim }}<end>\n{% endfor %}"
    "{% if add_generation_prompt %}<start>model\n{% endif %}"
)
# As Qwen3's: a model asked not to think finds its thoughts already there, and empty.
THINKING = CHATML.replace(
    "<|im_start|>assistant\n{% endif %}",
    "<|im_start|>assistant\n{% if enable_thinking is defined and enable_thinking is false %}"
    "<think>\n\n</think>\n\n{% endif %}{% endif %}",
)


def llama(folder: Path, *, steps: int = STEPS) -> Path:
    """Llama: ChatML, an end of turn that is the end of the text."""
    from transformers import LlamaConfig, LlamaForCausalLM

    shape = (LlamaForCausalLM, LlamaConfig, CHATML, ("<|im_start|>", "<|im_end|>"))
    return _built(folder, *shape, pairs=lessons(), steps=steps)


def qwen(folder: Path, *, steps: int = STEPS) -> Path:
    """Qwen2: biases in attention, tied embeddings, turns without a system role, an end of turn besides the end token."""
    from transformers import Qwen2Config, Qwen2ForCausalLM

    shape = (Qwen2ForCausalLM, Qwen2Config, TURNS, ("<start>", "<end>"))
    return _built(folder, *shape, pairs=FEW, steps=steps, tie_word_embeddings=True)


def qwen3(folder: Path, *, steps: int = STEPS) -> Path:
    """Qwen3: norms on queries and keys, heads of a width of their own, a template that knows of thoughts."""
    from transformers import Qwen3Config, Qwen3ForCausalLM

    shape = (Qwen3ForCausalLM, Qwen3Config, THINKING, ("<|im_start|>", "<|im_end|>"))
    return _built(folder, *shape, pairs=FEW, steps=steps, tie_word_embeddings=True, head_dim=16)


BUILDERS: dict[str, Callable[..., Path]] = {"llama": llama, "qwen": qwen, "qwen3": qwen3}


def lessons() -> list[tuple[str, str]]:
    """What a user says and the model answers: bare sentences, the default prompts around them, one article."""
    asked = [(filled(TRANSLATION, german, language="de", target="en"), english) for german, english in FEW]
    summary = (filled(SUMMARY, ARTICLE, language="de", sentences=3), SHORT)
    return [*FEW, *asked, summary]


def _built(
    folder: Path,
    kind: Any,
    shape: Any,
    template: str,
    turn: tuple[str, str],
    *,
    pairs: Sequence[tuple[str, str]],
    steps: int,
    **more: Any,
) -> Path:
    import torch

    tokenizer = _tokenizer(folder, template, turn)
    config = shape(
        vocab_size=len(tokenizer) + 5,  # padded, as the real ones are
        hidden_size=64,
        intermediate_size=96,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=POSITIONS,
        bos_token_id=tokenizer.bos_token_id,
        eos_token_id=tokenizer.eos_token_id,
        pad_token_id=None,  # many name none
        **more,
    )
    torch.manual_seed(0)
    with quiet():
        model = kind(config)
        if steps:
            _memorise(model, tokenizer, pairs, end=turn[1], steps=steps)
        model.save_pretrained(folder)
    return folder


def _tokenizer(folder: Path, template: str, turn: tuple[str, str]) -> Any:
    from tokenizers import ByteLevelBPETokenizer
    from transformers import PreTrainedTokenizerFast

    bpe = ByteLevelBPETokenizer()
    texts = [*SENTENCES, SUMMARY, TRANSLATION] * 2
    bpe.train_from_iterator(texts, 420, special_tokens=["<s>", "</s>", *turn], show_progress=False)
    end = turn[1] if turn[1] == "<|im_end|>" else "</s>"
    fast = PreTrainedTokenizerFast(tokenizer_object=bpe._tokenizer, bos_token="<s>", eos_token=end)
    fast.add_special_tokens({"additional_special_tokens": list(turn)})
    fast.chat_template = template
    folder.mkdir(parents=True, exist_ok=True)
    with quiet():
        fast.save_pretrained(folder)
    write(folder / "generation_config.json", {})
    return tokenizer_of(folder)


def _memorise(model: Any, tokenizer: Any, pairs: Sequence[tuple[str, str]], *, end: str, steps: int) -> float:
    """Teach the answers, and the answers alone, by heart; returns the last loss."""
    import torch

    rows, marks = [], []
    for said, answer in pairs:
        asked = tokenizer.apply_chat_template(
            [{"role": "user", "content": said}], add_generation_prompt=True, tokenize=False, enable_thinking=False
        )
        prompt = tokenizer(asked, add_special_tokens=False)["input_ids"]
        reply = tokenizer(answer + end, add_special_tokens=False)["input_ids"]
        rows.append(prompt + reply)
        marks.append([-100] * len(prompt) + reply)
    width = max(map(len, rows))
    ids = torch.tensor([row + [0] * (width - len(row)) for row in rows])
    labels = torch.tensor([mark + [-100] * (width - len(mark)) for mark in marks])
    optimiser = torch.optim.AdamW(model.parameters(), lr=1e-2, weight_decay=0.0, fused=True)
    loss = torch.zeros(())
    model.train()
    for step in range(steps):
        for group in optimiser.param_groups:
            group["lr"] = 1e-2 * min(1.0, (step + 1) / 10, 2 * (steps - step) / steps)
        logits = model(input_ids=ids).logits
        loss = torch.nn.functional.cross_entropy(logits[:, :-1].flatten(0, 1), labels[:, 1:].flatten())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    model.eval()
    return float(loss.detach())
