"""A classifier of two texts through transformers: how likely does the first back the second? Nothing is cut.

Any sequence-classification checkpoint whose labels say so: entailment, neutral, contradiction; or faithful, intrinsic
hallucination, extrinsic hallucination. Safetensors only.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence
from typing import Any

from summarizer.errors import InputTooLarge, ModelFailed
from summarizer.models.pytorch import device_here, import_torch
from summarizer.models.quiet import quiet_libraries
from summarizer.models.settings import Settings
from summarizer.models.weights import Located, locate

BATCH = 16  # pairs at once
_BACKING = ("entailment", "entail", "entailed", "faithful", "supported", "supports", "consistent")
# Models that count positions from their padding token on.
_OFFSET = ("roberta", "xlm-roberta", "camembert", "longformer")


class Classifier:
    """One checkpoint. ``supported`` names the labels that count as backing; told from their names where it is empty."""

    def __init__(self, settings: Settings, *, supported: Sequence[str] = ()) -> None:
        """Find and open the weights.

        Raises:
            ModelNotFound: the weights are not on disk.
            ModelFailed: they cannot be opened, or their labels do not say which of them backs.
            MissingDependency: torch or transformers is not installed.
        """
        located = locate(settings.weights, settings.revision)
        if located.kind == "ct2":
            raise ModelFailed(f"{located.name} is a CTranslate2 model; a judge needs a transformers checkpoint")
        self._torch = import_torch("the judge")
        self._device = device_here(self._torch, settings.device)
        if settings.threads:
            self._torch.set_num_threads(settings.threads)
        self._tokenizer, self._model = _load(located, self._device)
        self._labels = _backing(self._model.config.id2label, supported, located.name)
        self._name = f"classifier:{located.label}"
        self._window = settings.window or _window(self._model.config, self._tokenizer)
        self._lock = threading.Lock()
        self._reading = threading.Lock()  # fast tokenizers raise "Already borrowed" between threads

    @property
    def name(self) -> str:
        """Weights and revision in one word."""
        return self._name

    @property
    def window(self) -> int:
        """The most tokens that both texts together may take, special tokens off."""
        return self._window

    def count(self, text: str) -> int:
        """Tokens of one text."""
        return len(self._ids(text))

    def backed(self, pairs: Sequence[tuple[str, str]]) -> list[float]:
        """For each (premise, hypothesis) the probability that the premise backs the hypothesis.

        Raises:
            InputTooLarge: a pair is over the window; it is never cut.
            ModelFailed: the engine gave up, or is closed.
        """
        if self._model is None:
            raise ModelFailed(f"{self._name} is closed; open it again")
        encoded = [self._pair(premise, hypothesis) for premise, hypothesis in pairs]
        order = sorted(range(len(pairs)), key=lambda place: len(encoded[place]["input_ids"]))
        found = [0.0] * len(pairs)
        for start in range(0, len(order), BATCH):
            places = order[start : start + BATCH]
            for place, chance in zip(places, self._scored([encoded[place] for place in places]), strict=True):
                found[place] = chance
        return found

    def close(self) -> None:
        """Free the weights."""
        self._model = None

    def _ids(self, text: str) -> list[int]:
        with self._reading:
            return list(self._tokenizer(text, add_special_tokens=False, verbose=False)["input_ids"])

    def _pair(self, premise: str, hypothesis: str) -> dict[str, list[int]]:
        length = self.count(premise) + self.count(hypothesis)
        if length > self._window:
            raise InputTooLarge(f"a pair of {length} tokens is over the window of {self._name} ({self._window})")
        with self._reading:
            return dict(self._tokenizer(premise, hypothesis, truncation=False, verbose=False))

    def _scored(self, rows: list[dict[str, list[int]]]) -> list[float]:
        batch = self._tokenizer.pad(rows, return_tensors="pt").to(self._device)
        try:
            with self._lock, self._torch.inference_mode():
                chances = self._model(**batch).logits.float().softmax(-1)
        except RuntimeError as error:
            raise ModelFailed(f"{self._name}: transformers gave up: {error}") from error
        return [float(chance) for chance in chances[:, self._labels].sum(-1).tolist()]


def _backing(labels: dict[int, str], supported: Sequence[str], name: str) -> list[int]:
    """The places of the labels that count as backing."""
    wanted = {label.lower() for label in supported} or set(_BACKING)
    places = [int(place) for place, label in labels.items() if label.lower() in wanted]
    if places and len(places) < len(labels):
        return places
    known = ", ".join(labels.values())
    raise ModelFailed(f"{name} has the labels {known}; name those that mean a text is backed under judge.supported")


def _window(config: Any, tokenizer: Any) -> int:
    positions = getattr(config, "max_position_embeddings", None) or 512
    if config.model_type in _OFFSET:
        positions -= config.pad_token_id + 1
    return int(min(positions, tokenizer.model_max_length)) - int(tokenizer.num_special_tokens_to_add(pair=True))


def _load(located: Located, device: str) -> tuple[Any, Any]:
    from transformers import AutoModelForSequenceClassification, AutoTokenizer  # noqa: PLC0415

    options = {"local_files_only": True, "trust_remote_code": False}
    try:
        with quiet_libraries():
            tokenizer = AutoTokenizer.from_pretrained(str(located.path), **options)
            model, report = AutoModelForSequenceClassification.from_pretrained(
                str(located.path), use_safetensors=True, output_loading_info=True, **options
            )
    except Exception as error:
        raise ModelFailed(f"{located.name} cannot be opened as a classifier: {error}") from error
    if report["missing_keys"]:  # transformers would go on with a head at random
        raise ModelFailed(f"{located.name} is no classifier: it lacks {', '.join(sorted(report['missing_keys'])[:3])}")
    return tokenizer, model.to(device).eval()
