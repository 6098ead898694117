from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path

import pytest
from scripts import generate_docs

from promptls.findings import CATALOGUE
from promptls.settings import Layer
from promptls.settings.reader import BOTH, MACHINE, RESOURCE, read_layer


@pytest.mark.parametrize("page", generate_docs.pages(), ids=lambda page: page.name)
def test_pages_are_up_to_date(page: Path) -> None:
    assert page.read_text(encoding="utf-8") == generate_docs.pages()[page], "run `make docs`"


def _examples(language: str) -> list[str]:
    return re.findall(rf"```{language}\n(.*?)```", generate_docs.settings_page(), re.S)


@pytest.mark.parametrize("example", _examples("toml"))
def test_examples_for_files_are_right(example: str) -> None:
    level = read_layer(Layer("x", tomllib.loads(example)), BOTH)
    assert level.problems == ()
    assert level.values or level.rules or level.ttl_rules


@pytest.mark.parametrize("example", _examples("json"))
def test_examples_for_clients_are_right(example: str) -> None:
    raw = json.loads(example)
    if "initializationOptions" in raw:
        level = read_layer(Layer("x", raw["initializationOptions"]["machine"]), MACHINE)
    else:
        values = {name.removeprefix("promptls."): value for name, value in raw.items()}
        level = read_layer(Layer("x", values), RESOURCE)
    assert level.problems == ()
    assert level.values or level.rules or level.ttl_rules


def test_every_code_has_its_anchor() -> None:
    page = generate_docs.findings_page()
    for code in CATALOGUE:
        assert f'<a id="{code.replace("/", "-")}"></a>\n\n## {code}\n' in page


@pytest.mark.parametrize(
    ("arguments", "change", "expected"),
    [([], "", 0), (["--check"], "", 0), (["--check"], "stale", 1), (["--wrong"], "", 2)],
)
def test_check_says_when_pages_differ(
    arguments: list[str],
    change: str,
    expected: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(generate_docs, "DOCS", tmp_path)
    assert generate_docs.main([]) == 0
    page = tmp_path / "settings.md"
    page.write_text(page.read_text(encoding="utf-8") + change, encoding="utf-8")
    assert generate_docs.main(arguments) == expected
