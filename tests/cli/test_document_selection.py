from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from promptls.cli.places import Roots, shown_path
from promptls.cli.selection import Selection, select


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (
        "b.md",
        "a.md",
        "skip.py",
        "sub/c.md",
        "sub/.hidden/d.md",
        ".git/e.md",
        "[1].md",
        "sub/.git/f.md",
    ):
        (tmp_path / "work" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "work" / name).write_text("x")
    (tmp_path / "outside.md").write_text("x")
    return tmp_path / "work"


def selected(folder: Path, *arguments: str) -> Selection:
    return select(arguments, folder, lambda path: path.suffix == ".md", "")


def names(folder: Path, *arguments: str) -> list[str]:
    selection = selected(folder, *arguments)
    assert selection.problems == []
    return [source.name for source in selection.sources]


ALL = ["[1].md", "a.md", "b.md", "sub/.hidden/d.md", "sub/c.md"]


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [
        (["."], ALL),
        (["b.md", "a.md"], ["a.md", "b.md"]),
        (["a.md", "./a.md", "sub/../a.md", "."], ALL),
        (["sub"], ["sub/.hidden/d.md", "sub/c.md"]),
        (["skip.py"], ["skip.py"]),
        (["*.py"], ["skip.py"]),
        (["[ab].md"], ["a.md", "b.md"]),
        (["[1].md"], ["[1].md"]),
        (["**/*.md"], ALL),
        (["s*"], ["skip.py", "sub/.hidden/d.md", "sub/c.md"]),
        (["sub/?.md"], ["sub/c.md"]),
        (["-", "a.md", "-"], ["-", "a.md"]),
    ],
)
def test_arguments(folder: Path, arguments: list[str], expected: list[str]) -> None:
    assert names(folder, *arguments) == expected


@pytest.mark.parametrize(
    ("argument", "problem"),
    [
        ("none.md", "there is no such file"),
        ("*.none", "no file matches"),
        ("a.md/x", "there is no such file"),
        ("x" * 5000, "there is no such file"),
        ("**x", "no file matches"),
    ],
)
def test_arguments_that_mean_nothing(folder: Path, argument: str, problem: str) -> None:
    selection = selected(folder, argument, "a.md")
    assert [source.name for source in selection.sources] == ["a.md"]
    (told,) = selection.problems
    assert told.startswith(argument) and problem in told


def test_links(folder: Path) -> None:
    (folder / "sub" / "up").symlink_to("..", target_is_directory=True)
    (folder / "0.md").symlink_to("b.md")
    (folder / "target.txt").write_text("x")
    (folder / "linked.md").symlink_to("target.txt")
    (folder / "away.md").symlink_to("../outside.md")
    (folder / "loop.md").symlink_to("loop.md")
    (folder / "dangling.md").symlink_to("nothing")
    assert names(folder, ".") == sorted([*ALL, "linked.md"])
    assert names(folder, "away.md") == ["away.md"]
    assert names(folder, "0.md") == ["0.md"]


def test_files_that_are_not_regular_are_not_found_in_folders(folder: Path) -> None:
    os.mkfifo(folder / "pipe.md")
    assert names(folder, ".") == ALL


def test_folders_that_cannot_be_read(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    scandir = os.scandir

    def refuse(path: Path) -> object:
        if path.name == ".hidden":
            raise PermissionError(errno.EACCES, "Permission denied")
        return scandir(path)

    monkeypatch.setattr(os, "scandir", refuse)
    selection = selected(folder, "sub")
    assert [source.name for source in selection.sources] == ["sub/c.md"]
    assert selection.problems == ["sub/.hidden: cannot be read: Permission denied"]


def test_a_file_remembers_how_it_was_found(folder: Path) -> None:
    selection = selected(folder, "sub", ".", "a.md")
    found = {source.name: (source.is_named, source.folders) for source in selection.sources}
    assert found["a.md"] == (True, {"."})
    assert found["sub/c.md"] == (False, {"sub", "."})
    assert selection.folders == ["sub", "."]


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("/work/a.md", "a.md"),
        ("/work/sub/a.md", "sub/a.md"),
        ("/other/a.md", "/other/a.md"),
        ("/work/-", "./-"),
        ("/work/::error::x.md", "./::error::x.md"),
        ("/work/ ::error::x.md", "./ ::error::x.md"),
    ],
)
def test_shown_paths(path: str, expected: str) -> None:
    assert shown_path(Path(path), Path("/work")) == expected


def test_roots(tmp_path: Path) -> None:
    (tmp_path / "a/b/c").mkdir(parents=True)
    (tmp_path / "a/.git").write_text("gitdir: elsewhere")
    (tmp_path / "a/b/promptls.toml").touch()
    roots = Roots()
    assert roots.of_folder(tmp_path / "a/b/c") == tmp_path / "a/b"
    assert roots.of_folder(tmp_path / "a") == tmp_path / "a"
    assert roots.of_folder(tmp_path) is None
    assert Roots(tmp_path).of_folder(tmp_path / "a/b/c") == tmp_path
