"""CTranslate2's converter of hub checkpoints, mended where transformers 5 took away what it reads.

Found by comparing both engines token for token and score for score (CTranslate2 4.8.5, transformers 5.23):

* BART, mBART and Pegasus configurations written by transformers 5 no longer state where their layer norms are.
* mT5 states that its output layer is tied even where it is not, and T5 hides it: scores came out divided by 8.
* BART-like models whose embedding is larger than their vocabulary were refused.
* M2M100's tokenizer no longer lists its language tokens; mBART-50's no longer has a ``bos_token``.
"""

from __future__ import annotations

from typing import Any

from ctranslate2.converters import TransformersConverter

from summarizer.models.pytorch import lacking

# Where each family's layer norms are, for configurations that do not say it.
_NORMS = {
    "bart": {"normalize_before": False, "normalize_embedding": True},
    "mbart": {"normalize_before": True, "normalize_embedding": True},
    "pegasus": {"normalize_before": True, "normalize_embedding": False},
}


class Converter(TransformersConverter):  # type: ignore[misc]  # CTranslate2 has no types
    """Reads local folders only, runs no code of theirs, and leaves nothing of this file in the converted model."""

    def load_model(self, model_class: Any, model_name_or_path: str, **kwargs: Any) -> Any:
        """The checkpoint, its configuration completed."""
        more = {"local_files_only": True, "use_safetensors": True, "output_loading_info": True}
        model, report = super().load_model(model_class, model_name_or_path, **more, **kwargs)
        if missing := lacking(model, report):
            raise ValueError(f"it lacks {missing}; fetch the model again, or take another revision")
        _complete(model.config)
        self._config = model.config
        return model

    def load_tokenizer(self, tokenizer_class: Any, model_name_or_path: str, **kwargs: Any) -> Any:
        """The tokenizer, with all the tokens the model has."""
        tokenizer = super().load_tokenizer(tokenizer_class, model_name_or_path, local_files_only=True, **kwargs)
        if tokenizer.bos_token is None:
            tokenizer.bos_token = tokenizer.cls_token or tokenizer.eos_token
        listed = {**tokenizer.get_vocab(), **getattr(tokenizer, "lang_token_to_id", {})}
        if self._config.model_type in _NORMS:  # T5 and M2M100 are filled up by CTranslate2 itself
            listed |= {f"<unused_{index}>": index for index in range(len(listed), self._config.vocab_size)}
        tokenizer.get_vocab = lambda: listed
        return tokenizer


def _complete(config: Any) -> None:
    for key, value in _NORMS.get(config.model_type, {}).items():
        if getattr(config, key, None) is None:
            setattr(config, key, value)
    if config.model_type == "t5":
        config.tie_word_embeddings = config.scale_decoder_outputs
    if config.model_type == "mt5":
        config.tie_word_embeddings = False
