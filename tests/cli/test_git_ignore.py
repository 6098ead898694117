from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from promptls.workspace.walking import walk

GIT = shutil.which("git")
pytestmark = pytest.mark.skipif(GIT is None, reason="git, the oracle, is not installed")

CASES = {
    "names at any depth": {".gitignore": "build\n*.log\n"},
    "anchored": {".gitignore": "/docs/a.md\ndocs/sub\n"},
    "folders only": {".gitignore": "a.md/\nsub/\n"},
    "negation": {".gitignore": "*.md\n!keep.md\n"},
    "no way back from an ignored folder": {".gitignore": "docs/\n!docs/keep.md\n"},
    "a folder excepted": {".gitignore": "*\n!docs/\n!*.md\n"},
    "everything in a folder but one": {".gitignore": "/docs/*\n!/docs/sub/\n"},
    "nested": {".gitignore": "*.md\n", "docs/.gitignore": "!*.md\nkeep.md\n"},
    "nested, a folder excepted": {".gitignore": "*.md\n", "docs/.gitignore": "!sub/\n"},
    "nested, anchored": {"docs/.gitignore": "/a.md\n"},
    "stars": {".gitignore": "**/sub/a.md\ndocs/**/keep.md\nbuild/**\n"},
    "only stars": {".gitignore": "**\n!a.md\n"},
    "classes": {".gitignore": "[ab].md\n[!k]*.log\n[^x].txt\n"},
    "question marks": {".gitignore": "?.md\n"},
    "comments, blanks, escapes": {".gitignore": "# a.md\n\n   \n\\#odd.md\n\\!odd.md\na.md   \n"},
    "an escaped blank": {".gitignore": "odd\\ \n"},
    "carriage returns": {".gitignore": "a.md\r\nsub/\r\n"},
    "byte order mark": {".gitignore": "\ufeffa.md\n"},
    "broken classes": {".gitignore": "[z-a].md\n[.md\n/\n//\n!\n"},
    "info/exclude": {".git/info/exclude": "a.md\n", "docs/.gitignore": "!a.md\n"},
}
FILES = (
    "a.md",
    "b.md",
    "keep.md",
    "x.log",
    "c.txt",
    "#odd.md",
    "!odd.md",
    "odd ",
    "build/a.md",
    "build/x.log",
    "docs/a.md",
    "docs/keep.md",
    "docs/sub/a.md",
    "docs/sub/keep.md",
    "docs/sub/deep/a.md",
    "sub/a.md",
    "sub/docs/a.md",
)


def make_repository(folder: Path, ignore_files: dict[str, str]) -> None:
    subprocess.run(["git", "init", "-q", folder], check=True)
    for name in FILES:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("x")
    for name, text in ignore_files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(text.encode())


def found(folder: Path, start: Path) -> set[str]:
    def complain(path: Path, error: OSError) -> None:
        raise AssertionError(path) from error

    files = walk(start, lambda path: path.name != ".gitignore", complain)
    return {path.relative_to(folder).as_posix() for path in files}


def not_ignored_by_git(folder: Path) -> set[str]:
    command = [
        "git",
        "-c",
        "core.excludesFile=",
        "-C",
        str(folder),
        "check-ignore",
        "-z",
        "--stdin",
    ]
    listing = "".join(f"{name}\0" for name in FILES)
    result = subprocess.run(command, input=listing, capture_output=True, text=True, check=False)
    assert result.returncode in (0, 1), result.stderr
    return set(FILES) - set(result.stdout.split("\0"))


@pytest.mark.parametrize("ignore_files", CASES.values(), ids=CASES)
def test_walk_leaves_out_what_git_ignores(tmp_path: Path, ignore_files: dict[str, str]) -> None:
    make_repository(tmp_path, ignore_files)
    assert found(tmp_path, tmp_path) == not_ignored_by_git(tmp_path)


@pytest.mark.parametrize("start", ["docs", "docs/sub"])
def test_walk_in_a_repository_knows_the_rules_above(tmp_path: Path, start: str) -> None:
    make_repository(tmp_path, {".gitignore": "keep.md\ndocs/**/deep\n"})
    below = {name for name in not_ignored_by_git(tmp_path) if name.startswith(f"{start}/")}
    assert found(tmp_path, tmp_path / start) == below


def test_walk_of_an_ignored_folder_takes_what_is_in_it(tmp_path: Path) -> None:
    make_repository(tmp_path, {".gitignore": "build/\n"})
    assert found(tmp_path, tmp_path / "build") == {"build/a.md", "build/x.log"}


def test_walk_heeds_gitignore_without_a_repository(tmp_path: Path) -> None:
    for name in ("a.md", "b.md"):
        (tmp_path / name).write_text("x")
    (tmp_path / ".gitignore").write_text("a.md\n")
    assert found(tmp_path, tmp_path) == {"b.md"}


def test_two_stars_beside_other_characters_are_as_good_as_one(tmp_path: Path) -> None:
    # As git documents it; git 2.39 also ignores `docs/sub/a.md` here, so that it is no oracle.
    make_repository(tmp_path, {".gitignore": "do**/a.md\n"})
    assert found(tmp_path, tmp_path) == set(FILES) - {"docs/a.md"}


NAMES = st.sampled_from(["a.md", "docs", "sub", "*", "**", "*.md", "keep.*", "?.md", "deep", "d*"])
LINES = st.builds(
    lambda negated, rooted, names, folder: (
        f"{'!' * negated}{'/' * rooted}{'/'.join(names)}{'/' * folder}"
    ),
    st.booleans(),
    st.booleans(),
    st.lists(NAMES, min_size=1, max_size=3),
    st.booleans(),
)


@settings(max_examples=60, deadline=None)
@given(top=st.lists(LINES, max_size=4), nested=st.lists(LINES, max_size=3))
def test_random_patterns(
    tmp_path_factory: pytest.TempPathFactory, top: list[str], nested: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("repository")
    make_repository(folder, {".gitignore": "\n".join(top), "docs/.gitignore": "\n".join(nested)})
    assert found(folder, folder) == not_ignored_by_git(folder)
