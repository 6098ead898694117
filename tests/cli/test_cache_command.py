from __future__ import annotations

from pathlib import Path

import pytest
from tests.cache.opened import COUNT, FILE
from tests.cli.scripting import Run, write

from promptls.cache import Cache


@pytest.fixture
def folder(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of the user's database, which has two records."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "caches"))
    cache = Cache()
    cache.put_count(COUNT)
    cache.put_file(FILE)
    cache.get_count(COUNT.key)
    assert cache.close(10)
    return tmp_path / "caches" / "promptls"


def test_stats(run: Run, folder: Path) -> None:
    result = run("cache", "stats")
    assert (result.code, result.err) == (0, "")
    location, title, *rows = result.out.splitlines()
    assert location == str(folder / "promptls-cache.sqlite3")
    assert title.split() == ["FIGURE", "OF", "WHAT"]
    figures = {what: int(figure) for figure, what in (row.split(None, 1) for row in rows)}
    assert figures.pop("bytes") > 4096
    assert figures == {
        "promptls_token_count": 1,
        "promptls_known_file": 1,
        "promptls_fetched_content": 0,
        "found in memory": 1,
        "found in the database": 0,
        "not found": 0,
        "records written": 2,
    }


def test_stats_as_json(run: Run, folder: Path) -> None:
    stats = run("cache", "stats", "--format", "json").json()
    assert stats.pop("bytes") > 4096
    assert stats == {
        "location": str(folder / "promptls-cache.sqlite3"),
        "rows": {
            "promptls_token_count": 1,
            "promptls_known_file": 1,
            "promptls_fetched_content": 0,
        },
        "memoryHits": 1,
        "databaseHits": 0,
        "misses": 0,
        "writes": 2,
        "problems": [],
    }


def test_clear_and_prune(run: Run, folder: Path) -> None:
    assert run("cache", "prune").out == "0 records removed\n"
    assert run("cache", "clear").out == "2 records removed\n"
    stats = run("cache", "stats", "--format", "json").json()
    assert set(stats["rows"].values()) == {0} and stats["memoryHits"] == 0


def test_another_database(run: Run, folder: Path) -> None:
    option = ("--database", "sqlite:///other/a.db")
    stats = run("cache", "stats", "--format", "json", *option).json()
    assert stats["location"] == str(Path.cwd() / "other" / "a.db")
    assert set(stats["rows"].values()) == {0}


def test_the_setting_names_the_database(run: Run, folder: Path, tmp_path: Path) -> None:
    mine = tmp_path / "mine.db"
    settings = write(
        f"{tmp_path}/config/promptls/promptls.toml", f'[database]\nurl = "sqlite:///{mine}"\n'
    )
    assert run("cache", "stats", "--format", "json").json()["location"] == str(mine)
    settings.write_text("[database]\nenabled = false\n")
    result = run("cache", "stats")
    assert (result.code, result.out) == (2, "")
    assert "database.enabled" in result.err


@pytest.mark.parametrize(
    ("command", "url", "told"),
    [
        ("stats", "postgresql://me:secret@localhost:1/x", "cannot be used"),
        ("clear", "postgresql://me:secret@localhost:1/x", "cannot be used"),
        ("prune", "klingon://me:secret@x", "cannot be used"),
        ("stats", "memory", "names no database"),
    ],
)
def test_a_database_that_cannot_be_used(
    run: Run, folder: Path, command: str, url: str, told: str
) -> None:
    result = run("cache", command, "--database", url)
    assert result.code == 2
    assert told in result.err
    assert "secret" not in result.err + result.out


def test_a_damaged_database(run: Run, folder: Path) -> None:
    (folder / "promptls-cache.sqlite3").write_bytes(b"x" * 5000)
    result = run("cache", "stats", "--format", "json")
    assert result.code == 0 and "renamed" in result.err
    assert [problem["code"] for problem in result.json()["problems"]] == ["cache/corrupt"]


@pytest.mark.parametrize(
    "arguments", [(), ("nonsense",), ("stats", "--format", "xml"), ("clear", "extra")]
)
def test_wrong_use_of_the_cache_command(run: Run, folder: Path, arguments: tuple[str, ...]) -> None:
    result = run("cache", *arguments)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith("Usage: promptls cache")


@pytest.mark.parametrize("arguments", [(), ("stats",), ("clear",), ("prune",)])
def test_help_of_the_cache_command(run: Run, folder: Path, arguments: tuple[str, ...]) -> None:
    result = run("cache", *arguments, "--help")
    assert result.code == 0
    assert f"Example: {' '.join(('promptls', 'cache', *arguments))}" in result.out
