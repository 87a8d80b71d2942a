"""Every error the library raises, one class per thing a caller can do about it.

    SummarizerError
    ├── InputError               the text or its form: mend the input
    │   ├── EmptyInput           nothing to read
    │   ├── InputTooLarge        over a stated limit
    │   └── UndecodableInput     bytes that are no text
    ├── ConfigError              the preset, an option or a name in it: mend the setting
    ├── LanguageNotSupported     no loaded model covers the pair: take the preset named
    ├── ModelNotFound            weights are not on disk and not within reach: pull them
    ├── ModelFailed              a model was found and did not do its work
    └── MissingDependency        an optional package is absent: install the extra named

Each message names the cause and the cure. Errors of other libraries are mapped once, at the seam, with ``from error``.
"""

from __future__ import annotations


class SummarizerError(Exception):
    """Base of all errors raised on purpose by this package."""


class InputError(SummarizerError):
    """The input cannot be summarised as it is."""


class EmptyInput(InputError):
    """The input holds no text to read: it is empty, blank, or nothing but markup or junk."""


class InputTooLarge(InputError):
    """The input is over a stated limit."""


class UndecodableInput(InputError):
    """The bytes given are not text in any encoding that is tried."""


class ConfigError(SummarizerError):
    """A preset or option is unknown, of the wrong type, or a bad choice."""


class LanguageNotSupported(SummarizerError):
    """No model of the preset covers this language or pair of languages."""


class ModelNotFound(SummarizerError):
    """The weights are neither on disk nor within reach."""


class ModelFailed(SummarizerError):
    """A model was found but could not be loaded, converted or run."""


class MissingDependency(SummarizerError):
    """An optional package is not installed."""

    def __init__(self, package: str, extra: str, purpose: str) -> None:
        super().__init__(f"{purpose} needs the package {package!r}; install it with: pip install 'summarizer[{extra}]'")
        self.package = package
        self.extra = extra

    def __reduce__(self) -> tuple[object, ...]:
        # Exceptions travel between worker processes by pickle, which calls the class with ``args`` alone.
        return (_rebuild_missing_dependency, (self.package, self.extra, str(self)))


def _rebuild_missing_dependency(package: str, extra: str, message: str) -> MissingDependency:
    error = MissingDependency.__new__(MissingDependency)
    Exception.__init__(error, message)
    error.package, error.extra = package, extra
    return error
