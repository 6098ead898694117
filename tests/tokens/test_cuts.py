"""Safe cuts: the parts count what the whole counts."""

from __future__ import annotations

import pytest
import regex  # type: ignore[import-untyped]
from hypothesis import example, given, settings
from tests.oracles.reference_encodings import PACKAGED, reference_count
from tests.oracles.texts import SHORT_TEXTS, TEXTS

from promptls.tokens.cuts import Cuts
from promptls.tokens.encodings import CutFamily, find_encoding

FAMILIES: tuple[CutFamily, ...] = ("cl100k", "o200k", "r50k")


def all_cuts(cuts: Cuts, text: str) -> set[int]:
    """Every cut that a search from any place finds, in either direction."""
    found = {cuts.after(text, start) for start in range(len(text))}
    found |= {cuts.before(text, stop) for stop in range(1, len(text) + 1)}
    found |= {at for at in range(1, len(text)) if cuts.is_line_cut(text, at)}
    return {cut for cut in found if cut is not None}


@pytest.mark.parametrize("name", PACKAGED)
@settings(deadline=None, max_examples=250)
@given(text=SHORT_TEXTS)
@example(text="a\n\n/b")
@example(text="!\r\n/x")
@example(text="it's 'S 1's a'll")
@example(text="\n  \n \n\tx")
def test_parts_count_what_the_whole_counts(name: str, text: str) -> None:
    whole = reference_count(name, text)
    for cut in all_cuts(Cuts(find_encoding(name).family), text):
        assert reference_count(name, text[:cut]) + reference_count(name, text[cut:]) == whole, cut


@pytest.mark.parametrize("name", ["cl100k_base", "o200k_base", "r50k_base"])
@settings(deadline=None, max_examples=250)
@given(text=SHORT_TEXTS)
@example(text="a\nb \nc\n d\n\ne")
@example(text=" \n \n\n a")
def test_parts_split_as_the_whole_splits(name: str, text: str) -> None:
    """As above, for pieces: without a vocabulary, so for the r50k family as well."""
    spec = find_encoding(name)
    # Rust's `$` stands for the very end, Python's also for the place before a last line break.
    pattern = regex.compile(spec.pattern.replace("$", r"\Z"))
    whole = pattern.findall(text)
    for cut in all_cuts(Cuts(spec.family), text):
        assert pattern.findall(text[:cut]) + pattern.findall(text[cut:]) == whole, cut


@pytest.mark.parametrize("family", FAMILIES)
@settings(deadline=None, max_examples=100)
@given(text=TEXTS)
def test_both_directions_know_the_same_cuts(family: CutFamily, text: str) -> None:
    cuts = Cuts(family)
    forward = []
    at = 0
    while (cut := cuts.after(text, at)) is not None:
        assert cut > at
        forward.append(cut)
        at = cut
    for stop in range(0, len(text) + 1, 7):
        last = cuts.before(text, stop)
        assert last is None or 0 < last < stop
        # A cut is decided by what stands behind it too: `before` may see less than `after`.
        assert last is None or family == "r50k" or last in forward


@pytest.mark.parametrize(
    ("family", "text", "start", "expected"),
    [
        ("cl100k", "one two three", 0, 3),
        ("cl100k", "one two three", 3, 7),
        ("cl100k", "one  two", 3, None),
        ("cl100k", "a\nb", 0, 2),
        ("cl100k", "a\n\nb", 0, 3),
        ("cl100k", "a\n   b", 0, 2),
        ("cl100k", "a\n   ", 0, None),
        ("cl100k", "a\r\nb", 0, 3),
        ("cl100k", "a\rb", 0, 2),
        ("cl100k", "a\n/b", 0, 2),
        ("o200k", "a\n/b", 0, None),
        ("o200k", "a\n /b", 0, 2),
        ("o200k", "a\nb", 0, 2),
        ("r50k", "a\nb", 0, 2),
        ("r50k", "a\n\nb", 0, None),
        ("r50k", "a\n b", 0, None),
        ("o200k", "it's", 0, None),
        ("o200k", "word, more", 0, 4),
        ("o200k", "abc123", 0, 3),
        ("o200k", "123abc", 0, 3),
        ("o200k", "漢字、漢字", 0, 2),
        ("o200k", "漢字漢字", 0, None),
        ("cl100k", "", 0, None),
    ],
)
def test_next_cut(family: CutFamily, text: str, start: int, expected: int | None) -> None:
    assert Cuts(family).after(text, start) == expected


@pytest.mark.parametrize(
    ("text", "stop", "expected"),
    [
        ("one two three", 13, 7),
        ("one two three", 7, 3),
        ("one two", 3, None),
        ("a\nb", 3, 2),
        ("a\nb", 2, None),
        ("", 0, None),
        ("x" * 1_000 + "1" + "y" * 5_000, 6_001, 1_001),
        ("x" * 5_000, 5_000, None),
    ],
)
def test_cut_before(text: str, stop: int, expected: int | None) -> None:
    assert Cuts("o200k").before(text, stop) == expected


@pytest.mark.parametrize(
    ("family", "text", "at", "expected"),
    [
        ("o200k", "# A\n", 0, True),
        ("o200k", "a\n# A", 2, True),
        ("o200k", "a\n/A", 2, False),
        ("cl100k", "a\n/A", 2, True),
        ("o200k", "a\n\nb", 2, False),
        ("o200k", "a\n\nb", 3, True),
        ("r50k", "a\n\nb", 3, False),
        ("r50k", "a\nb", 2, True),
        ("o200k", "ab", 1, False),
    ],
)
def test_line_cut(family: CutFamily, text: str, at: int, expected: bool) -> None:
    assert Cuts(family).is_line_cut(text, at) is expected
