from __future__ import annotations

from pathlib import Path

import pytest
from tests.cache.opened import FETCH

from promptls.cache.location import FILE_NAME, Location, locate


@pytest.mark.parametrize(
    ("url", "kind", "shown"),
    [
        (None, "sqlite", f"/folder/{FILE_NAME}"),
        ("", "sqlite", f"/folder/{FILE_NAME}"),
        ("sqlite:////tmp/a b.db", "sqlite", "/tmp/a b.db"),
        ("sqlite+pysqlite:////tmp/a.db?x=y", "sqlite", "/tmp/a.db"),
        ("sqlite:///~/a.db", "sqlite", "/home/me/a.db"),
        ("postgresql://h/d", "postgresql", "postgresql://h/d"),
        ("postgres://u:p@h:5433/d", "postgresql", "postgresql://u@h:5433/d"),
        ("postgresql+psycopg://u:p@[::1]:1/d?password=p", "postgresql", "postgresql://u@[::1]:1/d"),
        ("postgresql://u:p/w@h/d", "postgresql", "postgresql://…"),
        ("postgresql://u:1/2@h/d", "postgresql", "postgresql://…"),
        ("postgresql://u:p#w@h/d", "postgresql", "postgresql://…"),
        ("postgresql+asyncpg://h/d", "unknown", "postgresql+asyncpg://…"),
        ("sqlite://host/a.db", "unknown", "sqlite://…"),
        ("mysql://u:p@h/d", "unknown", "mysql://…"),
        ("secret", "unknown", "(unreadable URL)"),
    ],
)
def test_locations(monkeypatch: pytest.MonkeyPatch, url: str | None, kind: str, shown: str) -> None:
    monkeypatch.setenv("HOME", "/home/me")
    found = locate(url, Path("/folder"))
    assert found is not None
    assert (found.kind, found.shown) == (kind, shown)
    assert found.is_shared == (kind != "sqlite")
    assert found.is_ours == (not url)


@pytest.mark.parametrize("url", ["memory", "sqlite:///:memory:", "sqlite:///"])
def test_no_location(url: str) -> None:
    assert locate(url, None) is None


def test_the_users_cache_folder(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    found = locate(None, None)
    assert found and found.path == tmp_path / "promptls" / FILE_NAME


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
@pytest.mark.parametrize("authorisation", ["", "a1"])
def test_who_may_hold_an_answer(kind: str, authorisation: str) -> None:
    location = Location(kind, "")  # type: ignore[arg-type]
    expected = not (kind == "postgresql" and authorisation)
    assert location.may_hold(FETCH.key._replace(authorisation_hash=authorisation)) == expected
