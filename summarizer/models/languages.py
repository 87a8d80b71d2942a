"""ISO 639-1 codes -> the codes models use. What a model covers is read from the tokens its vocabulary holds.

Three habits exist. Many-to-many models (M2M100 ``__de__``, NLLB ``deu_Latn``, mBART ``de_DE``) take the source token in
the encoder and the target token as the decoder's first. Multi-target models (OPUS ``>>deu<<``, MADLAD ``<2de>``) take
the target token before the text. All others take none.
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, field
from typing import Literal

from summarizer.errors import LanguageNotSupported

Habit = Literal["both", "target", "none"]

# ISO 639-1, the FLORES-200 code (which holds ISO 639-3), the mBART-50 code where there is one.
_TABLE = """
af afr_Latn af_ZA|am amh_Ethi|ar arb_Arab ar_AR|as asm_Beng|az azj_Latn az_AZ|ba bak_Cyrl|be bel_Cyrl|bg bul_Cyrl
bn ben_Beng bn_IN|bo bod_Tibt|bs bos_Latn|ca cat_Latn|cs ces_Latn cs_CZ|cy cym_Latn|da dan_Latn|de deu_Latn de_DE
el ell_Grek|en eng_Latn en_XX|eo epo_Latn|es spa_Latn es_XX|et est_Latn et_EE|eu eus_Latn|fa pes_Arab fa_IR
fi fin_Latn fi_FI|fo fao_Latn|fr fra_Latn fr_XX|ga gle_Latn|gd gla_Latn|gl glg_Latn gl_ES|gu guj_Gujr gu_IN
ha hau_Latn|he heb_Hebr he_IL|hi hin_Deva hi_IN|hr hrv_Latn hr_HR|ht hat_Latn|hu hun_Latn|hy hye_Armn|id ind_Latn id_ID
ig ibo_Latn|is isl_Latn|it ita_Latn it_IT|ja jpn_Jpan ja_XX|jv jav_Latn|ka kat_Geor ka_GE|kk kaz_Cyrl kk_KZ
km khm_Khmr km_KH|kn kan_Knda|ko kor_Hang ko_KR|ku kmr_Latn|ky kir_Cyrl|lb ltz_Latn|lo lao_Laoo|lt lit_Latn lt_LT
lv lvs_Latn lv_LV|mg plt_Latn|mi mri_Latn|mk mkd_Cyrl mk_MK|ml mal_Mlym ml_IN|mn khk_Cyrl mn_MN|mr mar_Deva mr_IN
ms zsm_Latn|mt mlt_Latn|my mya_Mymr my_MM|nb nob_Latn|ne npi_Deva ne_NP|nl nld_Latn nl_XX|nn nno_Latn|no nob_Latn
oc oci_Latn|or ory_Orya|pa pan_Guru|pl pol_Latn pl_PL|ps pbt_Arab ps_AF|pt por_Latn pt_XX|ro ron_Latn ro_RO
ru rus_Cyrl ru_RU|rw kin_Latn|sa san_Deva|sd snd_Arab|si sin_Sinh si_LK|sk slk_Latn|sl slv_Latn sl_SI|sn sna_Latn
so som_Latn|sq als_Latn|sr srp_Cyrl|su sun_Latn|sv swe_Latn sv_SE|sw swh_Latn sw_KE|ta tam_Taml ta_IN|te tel_Telu te_IN
tg tgk_Cyrl|th tha_Thai th_TH|tk tuk_Latn|tl tgl_Latn tl_XX|tr tur_Latn tr_TR|tt tat_Cyrl|ug uig_Arab|uk ukr_Cyrl uk_UA
ur urd_Arab ur_PK|uz uzn_Latn|vi vie_Latn vi_VN|xh xho_Latn xh_ZA|yi ydd_Hebr|yo yor_Latn|zh zho_Hans zh_CN|zu zul_Latn
"""
_ROWS = [row.split() for row in _TABLE.strip().replace("\n", "|").split("|")]
FLORES = {row[0]: row[1] for row in _ROWS}
MBART = {row[0]: row[2] for row in _ROWS if len(row) == 3}

# OPUS names the macro-language or a script where FLORES names the standard variety.
_OPUS_VARIANTS = {
    "ar": ("ara",), "az": ("aze", "aze_Latn"), "et": ("ekk",), "fa": ("fas",), "lv": ("lav",), "mg": ("mlg",),
    "mn": ("mon",), "ms": ("msa", "zlm_Latn", "msa_Latn"), "ne": ("nep",), "ps": ("pus",), "sq": ("sqi",),
    "sr": ("srp_Cyrl", "srp_Latn"), "sw": ("swa",), "uz": ("uzb", "uzb_Latn"), "zh": ("cmn_Hans", "cmn", "zh_cn"),
    "yi": ("yid",), "ku": ("kur_Latn",),
}  # fmt: skip

_NAME = re.compile(r"opus-mt(?:[-_](?:tc|tiny|bible|big|base))*[-_]([A-Za-z]+)-([A-Za-z]+)$")


@dataclass(frozen=True, slots=True)
class Languages:
    """What one model covers, and how it wants to be told.

    ``declared`` are entries as in ``Settings.languages``; they win over everything read from the checkpoint.
    """

    vocabulary: Container[str]
    name: str = ""
    declared: tuple[str, ...] = ()
    habit: Habit = field(init=False, default="none")

    def __post_init__(self) -> None:
        object.__setattr__(self, "habit", _habit(self.vocabulary))

    def supports(self, source: str, target: str) -> bool:
        """Whether ``source`` -> ``target`` is covered: as declared, by the tokens, or by an ``opus-mt-xx-yy`` name.

        A model that says nothing of languages is taken for a summariser of one language: equal codes only.
        """
        if self.declared:
            return self._declares(source, target)
        if self.habit == "both":
            return source != target and None not in (self.token(source), self.token(target))
        if self.habit == "target":
            return source != target and self.token(target) is not None and self._reads(source)
        named = _named_pair(self.name)
        return (source, target) == named if named else source == target

    def token(self, language: str) -> str | None:
        """The token for an ISO 639-1 code, or None where the vocabulary has none."""
        return next((token for token in _tokens(language) if token in self.vocabulary), None)

    def required(self, language: str | None, role: str) -> str:
        """The token for ``language``, which this model cannot do without."""
        if language is None:
            raise LanguageNotSupported(f"{self.name} translates between many languages: name the {role} language")
        token = self.token(language)
        if token is None:
            raise LanguageNotSupported(f"{self.name} has no token for the {role} language {language!r}")
        return token

    def _declares(self, source: str, target: str) -> bool:
        if f"{source}-{target}" in self.declared:
            return True
        plain = source in self.declared and target in self.declared
        return plain and (source == target or self.habit != "none")

    def _reads(self, source: str) -> bool:
        """For multi-target models the vocabulary is silent on sources; OPUS names say ``de``, ``mul`` or a family."""
        match = _NAME.search(self.name)
        if match is None or match[1] == "mul":
            return source in FLORES
        return _iso(match[1]) == source or (match[1] == match[2] and self.token(source) is not None)


def _habit(vocabulary: Container[str]) -> Habit:
    for language in ("en", "de", "fr", "es", "fi", "ru", "zh"):
        if any(token in vocabulary for token in _pair_tokens(language)):
            return "both"
    return "target" if any(t in vocabulary for iso in FLORES for t in _target_tokens(iso)) else "none"


def _tokens(language: str) -> Iterator[str]:
    yield from _pair_tokens(language)
    yield from _target_tokens(language)


def _pair_tokens(language: str) -> Iterator[str]:
    yield f"__{language}__"
    if language in FLORES:
        yield FLORES[language]
    if language in MBART:
        yield MBART[language]


def _target_tokens(language: str) -> Iterator[str]:
    codes = [language, *_OPUS_VARIANTS.get(language, ())]
    if language in FLORES:
        codes += [FLORES[language][:3], FLORES[language]]
    yield from (f">>{code}<<" for code in codes)
    yield f"<2{language}>"


def _named_pair(name: str) -> tuple[str, str] | None:
    match = _NAME.search(name)
    if match is None:
        return None
    source, target = _iso(match[1]), _iso(match[2])
    return (source, target) if source and target else None


def _iso(code: str) -> str | None:
    """ISO 639-1 for a two- or three-letter code of an OPUS name; None for a family (``gmw``, ``ROMANCE``)."""
    if code in FLORES:
        return code
    return next((iso for iso, flores in FLORES.items() if code in (flores[:3], *_OPUS_VARIANTS.get(iso, ()))), None)
