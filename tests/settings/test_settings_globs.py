from __future__ import annotations

from pathlib import PurePosixPath

import pathspec
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from promptls.settings.globs import compile_glob, matches


@pytest.mark.parametrize(
    ("glob", "path", "expected"),
    [
        ("*.md", "a.md", True),
        ("*.md", "x/y/a.md", True),
        ("*.md", "a.mdc", False),
        ("prompts/*.md", "prompts/a.md", True),
        ("prompts/*.md", "x/prompts/a.md", False),
        ("prompts/*.md", "prompts/x/a.md", False),
        ("prompts/**/*.md", "prompts/a.md", True),
        ("prompts/**/*.md", "prompts/x/y/a.md", True),
        ("prompts/", "prompts/x/a.md", True),
        ("prompts/", "x/prompts/a.md", True),
        ("prompts/", "prompts", False),
        ("prompts", "x/prompts/a.md", True),
        ("/a.md", "a.md", True),
        ("./a.md", "a.md", True),
        ("/a.md", "x/a.md", False),
        ("x/**", "x/a.md", True),
        ("x/**/", "x/a.md", False),
        ("x/**/", "x/y/a.md", True),
        ("**/", "a.md", False),
        ("**/", "x/a.md", True),
        ("**/b/c.md", "a/b/c.md", True),
        ("**", "a/b.md", True),
        ("[ab].md", "b.md", True),
        ("[^ab].md", "b.md", False),
        ("?.md", "é.md", True),
        (r"\*.md", "*.md", True),
        (r"\*.md", "a.md", False),
        (".claude/*", ".claude/a.md", True),
    ],
)
def test_reads_globs_as_gitignore_does(glob: str, path: str, expected: bool) -> None:
    assert matches(glob, PurePosixPath("/w"), PurePosixPath("/w") / path) is expected


def test_nothing_outside_its_folder_matches() -> None:
    assert not matches("*.md", PurePosixPath("/w/x"), PurePosixPath("/w/a.md"))


@pytest.mark.parametrize("glob", ["!*.md", "", "/", "a//b", "../*.md", "a/./b"])
def test_globs_that_can_match_nothing_are_refused(glob: str) -> None:
    assert isinstance(compile_glob(glob), str)


def test_a_glob_made_to_backtrack_is_answered() -> None:
    glob = "**/" * 30 + "*a" * 60 + "b"
    path = PurePosixPath("/w") / "/".join(["a" * 200] * 60)
    assert not matches(glob, PurePosixPath("/w"), path)


NAMES = st.text(alphabet="ab.", min_size=1, max_size=3).filter(lambda name: name.strip("."))
PARTS = st.one_of(NAMES, st.text(alphabet="ab*?", min_size=1, max_size=3), st.just("**"))


@settings(max_examples=300)
@given(
    st.lists(PARTS, min_size=1, max_size=4).map("/".join),
    st.sampled_from(["", "/"]),
    st.sampled_from(["", "/"]),
    st.lists(NAMES, min_size=1, max_size=4).map("/".join),
)
def test_agrees_with_pathspec(glob: str, before: str, after: str, path: str) -> None:
    whole = before + glob + after
    assume(not whole.endswith("**/"))  # there we side with git, see the cases above
    expected = pathspec.GitIgnoreSpec.from_lines([whole]).match_file(path)
    assert matches(whole, PurePosixPath("/w"), PurePosixPath("/w") / path) is expected
