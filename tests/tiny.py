"""Tiny models built on the spot, in the layout of the hub's repositories: a second of training instead of a download.

Every builder takes an empty folder and returns it filled: safetensors, configuration, tokenizer. They have learnt
``PAIRS`` by heart, German to English (models with language tokens in both directions), so that the words of a test mean
something. ``steps=0`` leaves the weights at random, for tests where no word matters.
"""
# ruff: noqa: PLC0415  # frameworks load only where a model is built

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from tests.lessons import (
    FEW,
    FRENCH,
    OTHER_SENTENCES,
    PAIRS,
    POSITIONS,
    SENTENCES,
    STEPS,
    Lesson,
    plain_lessons,
    quiet,
    taught,
    tokenizer_of,
    train_sentencepiece,
    write,
)
from tests.tiny_t5 import longt5, madlad, mt5, t5, umt5

__all__ = ["BUILDERS", "FEW", "FRENCH", "NAMES", "OTHER_SENTENCES", "PAIRS", "SENTENCES", "TORCH_ONLY", "tokenizer_of"]


def marian(folder: Path, *, pairs: Sequence[tuple[str, str]] = PAIRS, steps: int = STEPS) -> Path:
    """An OPUS-MT folder of one pair of languages."""
    return _marian(folder, [("", list(pairs))], steps=steps)


def marian_multi(folder: Path, *, steps: int = STEPS) -> Path:
    """An OPUS-MT folder of several targets: ``>>eng<<`` or ``>>fra<<`` before the source."""
    french = [(german, text) for (german, _), text in zip(FEW, FRENCH, strict=True)]
    return _marian(folder, [(">>eng<<", list(FEW)), (">>fra<<", french)], steps=steps)


def _marian(folder: Path, known: Sequence[tuple[str, list[tuple[str, str]]]], *, steps: int) -> Path:
    """``known`` are pairs by the token that asks for them."""
    from transformers import MarianConfig, MarianMTModel

    spm = train_sentencepiece(folder / "source.spm", unk_id=1, eos_id=0, bos_id=-1, pad_id=-1)
    (folder / "target.spm").write_bytes((folder / "source.spm").read_bytes())
    targets = [token for token, _ in known if token]
    vocabulary = [*(spm.id_to_piece(index) for index in range(spm.get_piece_size())), *targets, "<pad>"]
    ids = {piece: index for index, piece in enumerate(vocabulary)}
    write(folder / "vocab.json", ids)
    write(folder / "tokenizer_config.json", {"tokenizer_class": "MarianTokenizer", "model_max_length": 512})
    end, pad = ids["</s>"], ids["<pad>"]
    config = MarianConfig(
        **_sizes(len(vocabulary)),
        pad_token_id=pad,
        eos_token_id=end,
        decoder_start_token_id=pad,
        scale_embedding=True,
    )
    hub = {"forced_eos_token_id": end, "bad_words_ids": [[pad]], "num_beams": 6, "max_length": 4}

    def numbers(text: str) -> list[int]:
        return [*(ids[piece] for piece in spm.encode(text, out_type=str)), end]

    lessons = [
        Lesson([*([ids[token]] if token else []), *numbers(said)], [pad], numbers(answer))
        for token, pairs in known
        for said, answer in pairs
    ]
    return taught(folder, MarianMTModel, config, lessons, steps=steps, **hub)


def pegasus(folder: Path, *, steps: int = STEPS) -> Path:
    """Pegasus: pre-norm, sinusoidal positions, a SentencePiece file only."""
    from transformers import PegasusConfig, PegasusForConditionalGeneration

    spm = train_sentencepiece(folder / "spiece.model", pad_id=0, eos_id=1, unk_id=2, bos_id=-1)
    write(folder / "tokenizer_config.json", {"tokenizer_class": "PegasusTokenizer", "offset": 0})
    config = PegasusConfig(
        **_sizes(spm.get_piece_size() + 8),
        pad_token_id=0,
        eos_token_id=1,
        decoder_start_token_id=0,
        scale_embedding=True,
    )
    return taught(folder, PegasusForConditionalGeneration, config, plain_lessons, steps=steps)


def bart(folder: Path, *, steps: int = STEPS) -> Path:
    """BART: byte-level BPE, a forced first token, learned positions."""
    from transformers import BartConfig, BartForConditionalGeneration

    config = BartConfig(**_sizes(_byte_pairs(folder, "BartTokenizer")), **_BART_IDS, scale_embedding=True)
    hub = {
        "forced_bos_token_id": 0,
        "forced_eos_token_id": 2,
        "no_repeat_ngram_size": 3,
        "min_length": 56,
        "num_beams": 4,
    }

    return taught(folder, BartForConditionalGeneration, config, _bart_lessons, steps=steps, **hub)


def led(folder: Path, *, steps: int = STEPS) -> Path:
    """LED: BART's decoder, an encoder that looks around itself; positions of its own for either half."""
    from transformers import LEDConfig, LEDForConditionalGeneration

    sizes = _sizes(_byte_pairs(folder, "LEDTokenizer"))
    del sizes["max_position_embeddings"]
    config = LEDConfig(
        **sizes,
        **_BART_IDS,
        max_encoder_position_embeddings=POSITIONS,
        max_decoder_position_embeddings=POSITIONS // 2,
        attention_window=[16],
    )
    return taught(folder, LEDForConditionalGeneration, config, _bart_lessons, steps=steps, forced_bos_token_id=0)


_BART_IDS = {"bos_token_id": 0, "pad_token_id": 1, "eos_token_id": 2, "decoder_start_token_id": 2}


def _byte_pairs(folder: Path, tokenizer_class: str) -> int:
    """BART's tokenizer files; returns the size of the vocabulary."""
    from tokenizers import ByteLevelBPETokenizer

    tokenizer = ByteLevelBPETokenizer()
    tokenizer.train_from_iterator(
        SENTENCES, 400, special_tokens=["<s>", "<pad>", "</s>", "<unk>", "<mask>"], show_progress=False
    )
    folder.mkdir(parents=True, exist_ok=True)
    tokenizer.save_model(str(folder))
    write(folder / "tokenizer_config.json", {"tokenizer_class": tokenizer_class, "model_max_length": POSITIONS})
    return int(tokenizer.get_vocab_size())


def _bart_lessons(tokenizer: Any) -> list[Lesson]:
    return [Lesson(tokenizer(a)["input_ids"], [2, 0], tokenizer(b)["input_ids"][1:]) for a, b in FEW]


def mbart50(folder: Path, *, steps: int = STEPS) -> Path:
    """mBART-50: ``de_DE`` before the source, ``en_XX`` after the decoder's start token."""
    return _mbart(folder, "MBart50Tokenizer", steps)


def mbart25(folder: Path, *, steps: int = STEPS) -> Path:
    """mBART-25: the language token after the source, and as the decoder's start token."""
    return _mbart(folder, "MBartTokenizer", steps)


def _mbart(folder: Path, tokenizer_class: str, steps: int) -> Path:
    from transformers import MBartConfig, MBartForConditionalGeneration

    train_sentencepiece(folder / "sentencepiece.bpe.model")
    write(folder / "tokenizer_config.json", {"tokenizer_class": tokenizer_class})
    size = len(tokenizer_of(folder))
    config = MBartConfig(
        **_sizes(size),
        tokenizer_class=tokenizer_class,
        pad_token_id=1,
        eos_token_id=2,
        decoder_start_token_id=2,
        scale_embedding=True,
    )
    start = [2] if tokenizer_class == "MBart50Tokenizer" else []
    lessons = _both_ways({"de": "de_DE", "en": "en_XX"}, {"de": "de_DE", "en": "en_XX"}, start)
    return taught(folder, MBartForConditionalGeneration, config, lessons, steps=steps)


def m2m100(folder: Path, *, steps: int = STEPS) -> Path:
    """M2M100: ``__de__`` before the source, ``__en__`` first in the output."""
    spm = train_sentencepiece(folder / "sentencepiece.bpe.model", unk_id=3, pad_id=1, eos_id=2, bos_id=0)
    ids = {spm.id_to_piece(index): index for index in range(spm.get_piece_size())}
    write(folder / "vocab.json", ids)
    write(folder / "tokenizer_config.json", {"tokenizer_class": "M2M100Tokenizer"})
    codes = {"de": "de", "en": "en", "fr": "fr"}
    lessons = _both_ways(codes, {code: f"__{code}__" for code in codes}, [2], french=True)
    return _m2m100(folder, len(ids) + 100 + 8, lessons, steps)


def nllb(folder: Path, *, steps: int = STEPS) -> Path:
    """NLLB: the architecture of M2M100, languages called ``deu_Latn``, byte-pair pieces."""
    from transformers import NllbTokenizer

    train_sentencepiece(folder / "sentencepiece.bpe.model", model_type="bpe")
    codes = {"de": "deu_Latn", "en": "eng_Latn"}
    with quiet():
        plain = NllbTokenizer.from_pretrained(folder)
        plain.add_special_tokens({"extra_special_tokens": ["deu_Latn", "eng_Latn", "fra_Latn"]})
        plain.save_pretrained(folder)  # the hub's folders hold a tokenizer.json too
    return _m2m100(folder, len(tokenizer_of(folder)), _both_ways(codes, codes, [2]), steps)


def _m2m100(folder: Path, size: int, lessons: Any, steps: int) -> Path:
    from transformers import M2M100Config, M2M100ForConditionalGeneration

    config = M2M100Config(
        **_sizes(size), bos_token_id=0, pad_token_id=1, eos_token_id=2, decoder_start_token_id=2, scale_embedding=True
    )
    return taught(folder, M2M100ForConditionalGeneration, config, lessons, steps=steps)


def encoder_decoder(folder: Path, *, steps: int = STEPS) -> Path:
    """Two BERTs joined, as the German bert2bert summarisers are: WordPiece, ``[CLS]`` to start, ``[SEP]`` to end."""
    from tokenizers import BertWordPieceTokenizer
    from transformers import BertConfig, EncoderDecoderConfig, EncoderDecoderModel

    words = BertWordPieceTokenizer(lowercase=False, strip_accents=False)
    words.train_from_iterator(SENTENCES, 400, show_progress=False)
    folder.mkdir(parents=True, exist_ok=True)
    words.save_model(str(folder))
    write(
        folder / "tokenizer_config.json",
        {"tokenizer_class": "BertTokenizer", "do_lower_case": False, "strip_accents": False},
    )
    shape = BertConfig(
        vocab_size=words.get_vocab_size(),
        hidden_size=64,
        num_hidden_layers=1,
        num_attention_heads=2,
        intermediate_size=96,
        max_position_embeddings=POSITIONS,
        hidden_dropout_prob=0.0,
        attention_probs_dropout_prob=0.0,
    )
    config = EncoderDecoderConfig.from_encoder_decoder_configs(shape, shape)
    begin, end = words.token_to_id("[CLS]"), words.token_to_id("[SEP]")
    config.decoder_start_token_id, config.eos_token_id, config.pad_token_id = begin, end, words.token_to_id("[PAD]")

    def lessons(tokenizer: Any) -> list[Lesson]:
        return [Lesson(tokenizer(a)["input_ids"], [begin], tokenizer(b)["input_ids"][1:]) for a, b in FEW]

    return taught(folder, EncoderDecoderModel, config, lessons, steps=steps)


BUILDERS: dict[str, Callable[..., Path]] = {
    build.__name__: build
    for build in (
        marian,
        marian_multi,
        t5,
        mt5,
        umt5,
        madlad,
        longt5,
        pegasus,
        bart,
        led,
        mbart50,
        mbart25,
        m2m100,
        nllb,
        encoder_decoder,
    )
}
NAMES = {"marian": "opus-mt-de-en", "marian_multi": "opus-mt-de-mul"}  # folders whose name says something
TORCH_ONLY = ("longt5", "led", "encoder_decoder")  # CTranslate2 has no converter for them


def _both_ways(
    codes: dict[str, str], tokens: dict[str, str], start: list[int], *, french: bool = False
) -> Callable[[Any], list[Lesson]]:
    """De to en and back; with ``french``, de and en to fr too."""

    def lessons(tokenizer: Any) -> list[Lesson]:
        rows = [(("de", a), ("en", b)) for a, b in FEW] + [(("en", b), ("de", a)) for a, b in FEW]
        if french:
            rows += [
                (said, ("fr", text))
                for (a, b), text in zip(FEW, FRENCH, strict=True)
                for said in (("de", a), ("en", b))
            ]
        return [lesson(tokenizer, *row) for row in rows]

    def lesson(tokenizer: Any, source: tuple[str, str], target: tuple[str, str]) -> Lesson:
        tokenizer.src_lang = codes[source[0]]
        begin = [*start, tokenizer.convert_tokens_to_ids(tokens[target[0]])]
        said = [*tokenizer(target[1], add_special_tokens=False)["input_ids"], tokenizer.eos_token_id]
        return Lesson(tokenizer(source[1])["input_ids"], begin, said)

    return lessons


def _sizes(vocabulary: int) -> dict[str, Any]:
    """The smallest shape the BART-like models share; dropout off, since learning by heart is the point."""
    return {
        "vocab_size": vocabulary,
        "d_model": 64,
        "encoder_layers": 1,
        "decoder_layers": 1,
        "encoder_attention_heads": 2,
        "decoder_attention_heads": 2,
        "encoder_ffn_dim": 96,
        "decoder_ffn_dim": 96,
        "max_position_embeddings": POSITIONS,
        "activation_function": "relu",
        "dropout": 0.0,
        "attention_dropout": 0.0,
        "activation_dropout": 0.0,
        "encoder_layerdrop": 0.0,
        "decoder_layerdrop": 0.0,
    }
