from __future__ import annotations

from functools import cache
from pathlib import Path

import pytest
from tests.cli.scripting import Outcome, Run

from promptls.cli.main import main
from promptls.tokens.engine import load_engine

cached_engine = cache(load_engine)


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    """Runs the script in this process, in `tmp_path`/work, with no user's settings and cache."""
    work = tmp_path / "work"
    work.mkdir()
    monkeypatch.chdir(work)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    # A vocabulary takes 0.3 s to load, and every run would load its own.
    monkeypatch.setattr("promptls.tokens.service.load_engine", cached_engine)

    def run_script(*arguments: str) -> Outcome:
        capsys.readouterr()
        code = main(arguments)
        return Outcome(code, *capsys.readouterr())

    return run_script
