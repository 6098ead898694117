"""Walks through folders, bounded, in steps, and what one path is to them."""

from __future__ import annotations

from pathlib import Path

import pytest

from promptls.workspace.finding import Place, Search, look
from promptls.workspace.walking import Walk, is_left_out

FILES = (
    "CLAUDE.md",
    "docs/a.md",
    "docs/deep/b.md",
    "docs/deep/kept.log.md",
    "build/c.md",
    "build/deep/d.md",
    ".git/e.md",
)
IGNORED = "build/\n*.log.md\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in FILES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("# A\n")
    (tmp_path / ".gitignore").write_text(IGNORED)
    (tmp_path / "docs/deep/.gitignore").write_text("!kept.log.md\n")
    return tmp_path


def is_markdown(path: Path) -> bool:
    return path.suffix == ".md"


def found(walk: Walk) -> list[str]:
    return [path.name for files in walk for path in sorted(files)]


def test_near_the_top_first(root: Path) -> None:
    assert found(Walk(root, is_markdown)) == ["CLAUDE.md", "a.md", "b.md", "kept.log.md"]


@pytest.mark.parametrize(("entries", "cut"), [(5, True), (7, True), (10, False), (1000, False)])
def test_no_more_entries_than_are_allowed(root: Path, entries: int, cut: bool) -> None:
    walk = Walk(root, is_markdown, entries_max=entries)
    names = found(walk)
    assert walk.cut is cut
    assert walk.left == (0 if cut else entries - 10)
    assert set(names) <= {"CLAUDE.md", "a.md", "b.md", "kept.log.md"}
    assert cut or len(names) == 4


def test_left_out_is_what_a_walk_does_not_come_to(root: Path) -> None:
    walked = {path for files in Walk(root, is_markdown) for path in files}
    for path in root.rglob("*.md"):
        assert is_left_out(path, root, is_folder=False) is (path not in walked), path
    for name, expected in (("docs", False), ("build", True), ("build/deep", True), (".git", True)):
        assert is_left_out(root / name, root, is_folder=True) is expected, name


def test_search_goes_on_where_it_stopped(root: Path) -> None:
    for number in range(30):
        folder = root / f"many{number}"
        folder.mkdir()
        for name in range(20):
            (folder / f"{name}.md").touch()
    search = Search(root, is_markdown, 2_000)
    steps = 1
    while search.step():
        steps += 1
    assert steps >= 3
    assert len(search.found) == 604
    assert search.left == 2_000 - 10 - 30 - 600
    assert not search.cut


def test_own_name_before_that_of_a_link(root: Path) -> None:
    (root / "AGENTS.md").symlink_to("docs/a.md")
    (root / "aaa.md").symlink_to("/etc/hostname")
    search = Search(root, is_markdown, 2_000)
    while search.step():
        pass
    key = str((root / "docs/a.md").resolve())
    assert search.found[key] == root / "docs/a.md"
    assert len(search.found) == 4


def test_look(root: Path) -> None:
    paths = [
        *("CLAUDE.md", "gone.md", "docs", "build", "build/c.md", "build/deep"),
        *("docs/deep/kept.log.md", "setup.py", ".git/e.md"),
    ]
    seen = look([Place(root / name, root, is_markdown) for name in paths])
    assert {path.relative_to(root).as_posix() for _, path in seen.found} == {
        *("CLAUDE.md", "docs/a.md", "docs/deep/b.md", "docs/deep/kept.log.md")
    }
    real = root.resolve()
    assert seen.keys == {str(real / name) for name in paths}
    assert seen.gone == {
        str(real / name) for name in ("gone.md", "build/c.md", "setup.py", ".git/e.md")
    }
    assert not seen.too_many
    assert look([Place(root, root, is_markdown)]).too_many
    assert look([Place(Path("/etc/hostname"))]).gone == set()
