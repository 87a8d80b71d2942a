"""Names to wrappers, settings to cores."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from summarizer.errors import ConfigError, MissingDependency
from summarizer.models import registry, settings
from summarizer.models.ct2 import CT2Model
from summarizer.models.settings import Settings

OWN = """
from summarizer.testing import FakeModel
class Not:
    def __init__(self, settings): pass
def own(settings): return FakeModel()
"""


@pytest.fixture
def own_module(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Modules of a user's own: a wrapper, something that is none, and one that needs a package nobody has."""
    (tmp_path / "own_wrapper.py").write_text(OWN)
    (tmp_path / "needy_wrapper.py").write_text("import a_package_nobody_has\n")
    monkeypatch.syspath_prepend(tmp_path)


def test_a_wrapper_is_found_by_name_and_by_path(own_module: None) -> None:
    """``ct2`` and ``package.module:Class`` are the two forms; one's own class gets the settings."""
    assert registry.resolve("ct2") is CT2Model
    assert registry.load("own_wrapper:own", Settings(("x",))).count("ein Wort") > 0


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("ct3", "choose one of ct2, seq2seq"),
        ("no_such_module:Class", "^model: .* no module 'no_such_module'"),
        ("own_wrapper:Nothing", "^model: .* no class 'Nothing'"),
        ("own_wrapper:Not", "lacks methods"),
    ],
)
def test_a_name_without_a_wrapper_is_a_config_error(own_module: None, name: str, message: str) -> None:
    """Each says what is wrong with it."""
    with pytest.raises(ConfigError, match=message):
        registry.load(name, Settings(("x",)))


def test_a_wrapper_without_its_framework_names_the_package(own_module: None) -> None:
    """A package missing inside the wrapper is not a wrong name."""
    with pytest.raises(MissingDependency, match="a_package_nobody_has"):
        registry.resolve("needy_wrapper:Model")


@pytest.mark.parametrize(
    ("files", "cores"),
    [
        ({"cpu.max": "150000 100000"}, 1),
        ({"cpu.max": "400000 100000"}, 4),
        ({"cpu.max": "max 100000"}, None),
        ({"cpu/cpu.cfs_quota_us": "200000", "cpu/cpu.cfs_period_us": "100000"}, 2),
        ({"cpu/cpu.cfs_quota_us": "-1", "cpu/cpu.cfs_period_us": "100000"}, None),
        ({"cpu.max": "20000 100000"}, 1),
        ({}, None),
    ],
)
def test_a_containers_quota_is_read(tmp_path: Path, files: dict[str, str], cores: int | None) -> None:
    """Both generations of control groups; half a core is one."""
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content)
    assert settings._quota(tmp_path) == cores


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="the system knows no affinity")
def test_the_process_counts_only_cores_it_may_use() -> None:
    """A process tied to one core uses one thread."""
    before = os.sched_getaffinity(0)
    try:
        os.sched_setaffinity(0, {min(before)})
        assert settings.available_cores() == 1
    finally:
        os.sched_setaffinity(0, before)


def test_the_registry_imports_no_framework() -> None:
    """Asking for a name is free; asking for the class pays."""
    import subprocess  # noqa: PLC0415

    program = "import sys, summarizer.models.registry as r\nprint({'torch', 'ctranslate2'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
