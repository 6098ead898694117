"""Profiles that were found before, kept in a file of one day."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from promptls.budgets import ModelProfile, UnknownModel, find_profile, list_models
from promptls.budgets.known_profiles import FILE_NAME, KnownProfiles

DAY = date(2026, 11, 21)


def known(folder: Path | None, day: date = DAY) -> KnownProfiles:
    return KnownProfiles(folder, lambda: day)


@pytest.mark.parametrize(
    "name", ["gpt-4o", "azure/gpt-4o", "claude-sonnet-4-5", "inherit", "gemini-2.5-pro", "my-own"]
)
def test_a_profile_is_the_same_found_or_kept(tmp_path: Path, name: str) -> None:
    assert known(tmp_path).find(name) == find_profile(name)
    assert known(tmp_path).find(name) == find_profile(name)
    assert known(None).find(name) == find_profile(name)


def test_every_known_model_is_kept_as_it_is(tmp_path: Path) -> None:
    names = list(dict.fromkeys(model.name for model in list_models()))
    for start in range(0, len(names), 90):
        folder = tmp_path / str(start)
        first = known(folder)
        found = {name: first.find(name) for name in names[start : start + 90]}
        kept = known(folder)
        assert {name: kept.find(name) for name in found} == found


def test_a_kept_profile_needs_no_registry(tmp_path: Path) -> None:
    program = (
        "import sys; from pathlib import Path\n"
        "from promptls.budgets.known_profiles import KnownProfiles\n"
        "found = KnownProfiles(Path(sys.argv[1])).find('gpt-4o')\n"
        "print(found.window, 'genai_prices' in sys.modules)"
    )

    def run() -> str:
        command = [sys.executable, "-c", program, str(tmp_path)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()

    assert [run(), run()] == ["128000 True", "128000 False"]


def test_another_day_looks_again(tmp_path: Path) -> None:
    known(tmp_path).find("gpt-4o")
    change(tmp_path, "window", 1)
    assert window(known(tmp_path)) == 1
    assert window(known(tmp_path, date(2026, 11, 22))) == window(known(None))


def test_a_day_that_passes_looks_again(tmp_path: Path) -> None:
    days = [DAY, date(2026, 11, 22)]
    profiles = KnownProfiles(tmp_path, lambda: days[0])
    profiles.find("gpt-4o")
    del days[0]
    profiles.find("gpt-4")
    content = json.loads((tmp_path / FILE_NAME).read_text())
    assert "2026-11-22" in content["stamp"]
    assert list(content["profiles"]) == ["gpt-4"]


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("window", "many"),
        ("input_price", "dear"),
        ("price_tiers", 3),
        ("name", 7),
        ("accuracy", ""),
    ],
)
def test_a_damaged_profile_is_found_anew(tmp_path: Path, field: str, value: object) -> None:
    known(tmp_path).find("gpt-4o")
    change(tmp_path, field, value)
    assert known(tmp_path).find("gpt-4o") == find_profile("gpt-4o")


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b"\xff", b'{"stamp": 1, "profiles": 2}'])
def test_a_damaged_file_is_of_no_use(tmp_path: Path, content: bytes) -> None:
    (tmp_path / FILE_NAME).write_bytes(content)
    assert known(tmp_path).find("gpt-4o") == find_profile("gpt-4o")
    assert json.loads((tmp_path / FILE_NAME).read_text())["profiles"]["gpt-4o"]


def test_a_folder_that_cannot_be_made_keeps_nothing(tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    assert known(tmp_path / "taken" / "folder").find("gpt-4o") == find_profile("gpt-4o")


def test_unknown_names_are_not_kept(tmp_path: Path) -> None:
    assert isinstance(known(tmp_path).find("gpt-40"), UnknownModel)
    assert not (tmp_path / FILE_NAME).exists()


def window(profiles: KnownProfiles) -> int | None:
    found = profiles.find("gpt-4o")
    assert isinstance(found, ModelProfile)
    return found.window


def change(folder: Path, field: str, value: object) -> None:
    """Change the kept profile of gpt-4o."""
    file = folder / FILE_NAME
    content = json.loads(file.read_text())
    content["profiles"]["gpt-4o"][field] = value
    file.write_text(json.dumps(content))
