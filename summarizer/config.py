"""Presets: strict YAML in, frozen settings out. An unknown key, a wrong type or a bad choice names its dotted path."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from summarizer.errors import ConfigError
from summarizer.sections import Languages, ModelConfig, Names, Section, Server, SummaryConfig, TranslationConfig

if TYPE_CHECKING:
    from pydantic import ValidationError

from pydantic import BaseModel, Discriminator, Field, Tag, field_validator

__all__ = [
    "Cluster",
    "Config",
    "JudgeConfig",
    "Languages",
    "ModelConfig",
    "Server",
    "SummaryConfig",
    "TranslationConfig",
    "presets",
]

Device: TypeAlias = Literal["auto", "cpu", "cuda", "mps"]
Order: TypeAlias = Literal["summarize-first", "translate-first"]


# One section, or a list of them. Told apart by hand: an error then speaks of the one that was meant.
_Translation: TypeAlias = Annotated[
    Annotated[TranslationConfig, Tag("one")]
    | Annotated[tuple[TranslationConfig, ...], Field(strict=False), Tag("several")],
    Discriminator(lambda value: "several" if isinstance(value, list | tuple) else "one"),
]


class Cluster(Section):
    """How ``batch --cluster`` spreads a job over a Ray cluster; it does not bear on the results.

    ``actors`` copies of the models at least and ``most`` at most (None: no more), each with its share of ``gpus`` and
    ``cpus``; ``rows`` in a part, which is what a lost machine does again.
    """

    actors: Annotated[int, Field(ge=1)] = 1
    most: Annotated[int, Field(ge=1)] | None = None
    gpus: Annotated[float, Field(ge=0, strict=False)] = 0.0
    cpus: Annotated[float, Field(gt=0, strict=False)] = 1.0
    rows: Annotated[int, Field(ge=1)] = 256


class JudgeConfig(Section):
    """A classifier that reads each written line against the article.

    ``threshold``: the probability of being backed under which a line becomes a finding. ``supported``: the labels that
    mean backed, where their names (entailment, faithful) do not say so.
    """

    weights: str | Names
    revision: str | None = None
    licence: str | None = None
    size: str | None = None
    threshold: Annotated[float, Field(gt=0, le=1, strict=False)] = 0.5
    supported: Names = ()
    window: Annotated[int, Field(ge=32)] | None = None

    @property
    def model(self) -> str:
        """The wrapper: there is one."""
        return "classifier"

    @property
    def sources(self) -> tuple[str, ...]:
        """The weights to try, in order."""
        return (self.weights,) if isinstance(self.weights, str) else self.weights


class Config(Section):
    """A whole preset.

    ``translation`` is one model or a list of them, the first that knows a pair of languages translating it.
    ``clean``: true drops all kinds of junk, false none, a list the kinds it names. ``max_characters`` bounds one
    article; a longer one is an ``InputTooLarge``, never a cut.
    """

    name: str = "custom"
    description: str = ""
    summary: SummaryConfig
    translation: _Translation | None = None
    judge: JudgeConfig | None = None
    order: Order = "summarize-first"
    device: Device = "auto"
    threads: Annotated[int, Field(ge=1)] | None = None
    clean: bool | Names = True
    max_characters: Annotated[int, Field(ge=1)] = 20_000_000
    cluster: Cluster = Cluster()

    @field_validator("translation")
    @classmethod
    def _one_is_no_list(
        cls, translation: TranslationConfig | tuple[TranslationConfig, ...] | None
    ) -> TranslationConfig | tuple[TranslationConfig, ...] | None:
        if translation == ():
            raise ValueError("Input should be a section, or a list of at least one")
        return translation[0] if isinstance(translation, tuple) and len(translation) == 1 else translation

    @property
    def translations(self) -> tuple[TranslationConfig, ...]:
        """The sections of ``translation``: none, one or several."""
        if isinstance(self.translation, tuple):
            return self.translation
        return () if self.translation is None else (self.translation,)

    @property
    def languages(self) -> Languages | None:
        """What the translation models read and write, all together; None where nothing is translated."""
        known = [part.languages for part in self.translations]
        source = dict.fromkeys(code for each in known for code in each.source)
        target = dict.fromkeys(code for each in known for code in each.target)
        return Languages(source=tuple(source), target=tuple(target)) if known else None

    def covers(self, source: str, target: str) -> bool:
        """Whether the models translate this pair by the preset's word, or its two halves by way of English."""

        def known(source: str, target: str) -> bool:
            return any(part.languages.cover(source, target) for part in self.translations)

        return known(source, target) or (known(source, "en") and known("en", target))

    def parts(self) -> dict[str, SummaryConfig | JudgeConfig | TranslationConfig]:
        """The sections that name models, by their path (``translation[1]``), in the order of their work."""
        several = isinstance(self.translation, tuple)
        named = {f"translation[{at}]" if several else "translation": part for at, part in enumerate(self.translations)}
        return {"summary": self.summary, **({"judge": self.judge} if self.judge else {}), **named}

    @classmethod
    def load(cls, preset: str | Path | Config = "default", **overrides: Any) -> Config:
        """A preset by name, a YAML file by path, or a ``Config``; keyword arguments replace top-level keys.

        Raises:
            ConfigError: no such preset or file, or something in it is not as it must be.
        """
        if isinstance(preset, Config):
            data, origin = preset.model_dump(), preset.name
        else:
            path = _find(preset)
            data, origin = _read(path), path.name
            data.setdefault("name", path.stem)
        return cls.parse({**data, **overrides}, origin=origin)

    @classmethod
    def parse(cls, data: Mapping[str, Any], *, origin: str = "config") -> Config:
        """Settings from plain data; ``origin`` is what the error message calls it."""
        from pydantic import ValidationError  # noqa: PLC0415

        try:
            return cls.model_validate(dict(data))
        except ValidationError as error:
            raise ConfigError(f"{origin}: " + "; ".join(_explained(error))) from error


def presets() -> dict[str, Path]:
    """The presets that come with the package: name → YAML file."""
    return {path.stem: path for path in sorted(_folder().glob("*.yaml"))}


@cache
def _folder() -> Path:
    # A wheel carries the presets inside the package; a checkout has them at the top, where people look for them.
    package = Path(__file__).parent
    return next(folder for folder in (package / "configs", package.parent / "configs") if folder.is_dir())


def _find(preset: str | Path) -> Path:
    known = presets()
    if str(preset) in known:
        return known[str(preset)]
    if not isinstance(preset, str | Path):
        raise ConfigError(f"a preset is a name, the path of a YAML file or a Config, not {type(preset).__name__}")
    path = Path(preset)
    if path.suffix in (".yaml", ".yml") and path.is_file():
        return path
    raise ConfigError(
        f"no preset or file {str(preset)!r}; presets are {', '.join(known)}, a file ends in .yaml{_meant(str(preset), known)}"
    )


def _read(path: Path) -> dict[str, Any]:
    import yaml  # noqa: PLC0415 - not needed to check a Config built in code

    class Strict(yaml.SafeLoader):
        """YAML keeps the last of two equal keys in silence; a preset must not."""

        def construct_mapping(self, node: Any, deep: bool = False) -> dict[Any, Any]:
            names = [key.value for key, _ in node.value]
            double = next((name for name in names if names.count(name) > 1), None)
            if double is not None:
                raise yaml.constructor.ConstructorError(None, None, f"the key {double!r} stands twice", node.start_mark)
            return super().construct_mapping(node, deep)

    try:
        data = yaml.load(path.read_text("utf-8"), Strict)  # noqa: S506 - a SafeLoader
    except (yaml.YAMLError, UnicodeDecodeError, OSError) as error:
        raise ConfigError(f"{path.name} is not readable YAML: {error}") from error
    if not isinstance(data, dict):
        raise ConfigError(
            f"{path.name} must hold keys and values at its top level, such as 'summary: {{model: extractive}}'"
        )
    return {str(key): value for key, value in data.items()}


def _explained(error: ValidationError) -> Iterator[str]:
    for problem in error.errors(include_url=False):
        path = _path(problem["loc"])
        if problem["type"] == "extra_forbidden":
            choices = _keys_at(problem["loc"][:-1])
            yield f"{path}: unknown key; choose from {', '.join(choices)}{_meant(str(problem['loc'][-1]), choices)}"
        else:
            whole = isinstance(problem["input"], Mapping)  # a section whose keys do not go together
            hidden = problem["type"] == "missing" or whole or problem["loc"][-1:] in _SECRET
            given = "" if hidden else f", not {problem['input']!r:.80}"
            yield f"{path}: {_told(problem)}{given}"


def _path(location: tuple[int | str, ...]) -> str:
    """``translation[1].beams``."""
    if location[:1] == ("translation",):  # what comes next is the tag: one, or several
        location = (*location[:1], *location[2:])
    return "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in location).lstrip(".")


def _told(problem: Mapping[str, Any]) -> str:
    if problem["type"] == "tuple_type":  # what a list of YAML becomes
        return "Input should be a list, such as [de, en]" if "languages" in problem["loc"] else "Input should be a list"
    if problem["type"] == "model_type":  # also what stands in a list of them
        return "Input should be a section of keys and values"
    return str(problem["msg"]).removeprefix("Value error, ")


def _keys_at(location: tuple[int | str, ...]) -> list[str]:
    section: type[BaseModel] = Config
    for part in location:
        section = _SECTIONS.get(str(part), section)
    return list(section.model_fields)


_SECTIONS: Mapping[str, type[BaseModel]] = {
    "summary": SummaryConfig,
    "translation": TranslationConfig,
    "languages": Languages,
    "server": Server,
    "cluster": Cluster,
    "judge": JudgeConfig,
}


_SECRET = (("key",), ("url",))  # what stands there by mistake may be a key or a password


def _meant(name: str, choices: Any) -> str:
    close = difflib.get_close_matches(name, list(choices), n=1)
    return f" (did you mean {close[0]!r}?)" if close else ""
