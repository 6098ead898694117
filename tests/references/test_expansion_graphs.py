"""What a document costs with everything that it imports: rings, diamonds, depth, bombs."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.oracles.reference_encodings import reference_count
from tests.references.imports import (
    AWAITED,
    BLOCKED,
    ROOT,
    Oracle,
    assert_exact,
    assert_renders,
    import_all,
)

from promptls.references.expansion import Repeats

A, B, C = "@file:a.md", "@file:b.md", "@file:c.md"


def ring(length: int) -> dict[str, str]:
    """Imports that go round through `length` files, the document not among them."""
    texts = {f"{n}.md": f"<{n} @file:{(n + 1) % length}.md {n}>" for n in range(length)}
    return texts | {ROOT: "@file:0.md"}


def ring_through_root(length: int) -> dict[str, str]:
    names = [ROOT, *(f"{number}.md" for number in range(1, length))]
    return {name: f"<{at} @file:{names[(at + 1) % length]} {at}>" for at, name in enumerate(names)}


@pytest.mark.parametrize("length", [1, 2, 50])
@pytest.mark.parametrize("make", [ring, ring_through_root])
def test_rings(make: object, length: int) -> None:
    assert callable(make)
    texts = make(length)
    imported = import_all(texts)
    assert_exact(imported)
    assert imported.codes == [["reference/cycle"]]
    assert imported.rendered == Oracle(texts, 64, "each").render()
    _, traces = imported.resolutions[0].notices[0]
    holders = [int(trace.name.removesuffix(".md")) for trace in traces]
    assert holders == list(range(length) if make is ring else range(1, length))
    assert len(imported.asked) <= length + 1, "once from each file that imports it"


@pytest.mark.parametrize(
    ("texts", "rendered", "codes"),
    [
        ({ROOT: "no imports\n"}, "no imports\n", []),
        ({ROOT: f"{A} {A}", "a.md": "x\n"}, "x x", [[], []]),
        ({ROOT: A, "a.md": "\ufeffx\r\n"}, "x", [[]]),
        ({ROOT: A, "a.md": ""}, "", [[]]),
        ({ROOT: A, "a.md": f"a {B}", "b.md": "b\n\n"}, "a b\n", [[]]),
        ({ROOT: A, "a.md": '@file:"b.md"@file:"b.md"', "b.md": "b"}, "bb", [[]]),
        ({ROOT: A}, A, [["reference/not-found"]]),
        ({ROOT: "@file:a.md?optional"}, "@file:a.md?optional", [["reference/not-found"]]),
        ({ROOT: A, "a.md": f"a {B}"}, f"a {B}", [["reference/unresolved-inside"]]),
        ({ROOT: A, "a.md": "a @file:b.md?optional"}, "a @file:b.md?optional", [[]]),
        (
            {ROOT: A, "a.md": f"@file:{BLOCKED}"},
            f"@file:{BLOCKED}",
            [["reference/unresolved-inside"]],
        ),
        ({ROOT: f"@file:{BLOCKED}"}, f"@file:{BLOCKED}", [["reference/blocked"]]),
        ({ROOT: "@file:*x.md", "ax.md": "1\n", "bx.md": "2\n"}, "1\n2", [[]]),
        ({ROOT: A, "a.md": "[@file:*x.md]", "ax.md": "1", "bx.md": "2"}, "[1\n2]", [[]]),
        ({ROOT: "@file:*x.md"}, "", [[]]),
        (
            {ROOT: "@file:*x.md", "ax.md": "1", "bx.md": "2 @file:ax.md @file:bx.md"},
            "1\n2 1 @file:bx.md",
            [["reference/cycle"]],
        ),
        ({ROOT: A, "a.md": f"```\n{B}\n```\n`{B}` \\{B}", "b.md": "b"}, None, [[]]),
        ({ROOT: f"```\n{A}\n```\n", "a.md": "x"}, None, []),
        ({ROOT: f"# T\n{A}\n## U\n", "a.md": "# x\n"}, "# T\n# x\n## U\n", [[]]),
    ],
)
def test_texts(texts: Mapping[str, str], rendered: str | None, codes: list[list[str]]) -> None:
    imported = import_all(texts)
    assert_exact(imported)
    if rendered is not None:
        assert imported.rendered == rendered
    else:
        assert imported.rendered == Oracle(texts, 64, "each").render()
    assert imported.codes == codes


DIAMOND = {
    ROOT: f"{A}\n{B}\n{C}\n",
    "a.md": f"a {C}",
    "b.md": f"b {C} {A}",
    "c.md": "c",
}


@pytest.mark.parametrize(
    ("repeats", "rendered", "expanded"),
    [
        ("each", "a c\nb c a c\nc\n", "a c"),
        ("once", f"a c\nb {C} {A}\n{C}\n", "a c"),
    ],
)
def test_diamonds(repeats: Repeats, rendered: str, expanded: str) -> None:
    imported = import_all(DIAMOND, repeats=repeats)
    assert_exact(imported)
    assert imported.rendered == rendered
    assert imported.codes == [[], [], []]
    first = imported.resolutions[0]
    assert first.expanded_tokens == reference_count("cl100k_base", expanded)
    assert sorted(imported.asked) == sorted(["a.md", "b.md", "c.md", "c.md", "c.md", "a.md"])


@pytest.mark.parametrize("repeats", ["each", "once"])
@pytest.mark.parametrize("depth", [1, 2, 3, 5, 7])
def test_depth(repeats: Repeats, depth: int) -> None:
    texts = {f"{n}.md": f"{n} @file:{n + 1}.md" for n in range(5)}
    texts |= {ROOT: "@file:0.md", "5.md": "end"}
    imported = import_all(texts, depth=depth, repeats=repeats)
    assert_exact(imported)
    levels = min(depth, 6)
    kept = "".join(f"{n} " for n in range(min(levels, 5)))
    assert imported.rendered == kept + ("end" if levels == 6 else f"@file:{levels}.md")
    assert imported.codes == [[] if levels == 6 else ["reference/too-deep"]]


def test_a_way_that_is_short_enough_beside_one_that_is_not() -> None:
    """The same file stands at the limit on one way and above it on another."""
    texts = {
        ROOT: f"{A}\n{C}\n",
        "a.md": B,
        "b.md": C,
        "c.md": "c @file:d.md",
        "d.md": "d",
    }
    for depth in range(1, 6):
        for first, second in ((A, C), (C, A)):
            texts[ROOT] = f"{first}\n{second}\n"
            assert_renders(texts, depth, "each")
            assert_renders(texts, depth, "once")


def test_pending() -> None:
    texts = {ROOT: f"{A} {B} {C}", "a.md": f"a {B}", "b.md": f"@file:{AWAITED}", "c.md": "c"}
    imported = import_all(texts)
    assert imported.statuses == ["pending", "pending", "resolved"]
    assert imported.document.expanded_tokens is None
    assert imported.document.pending_references == 2


def bomb(files: int, last: str, between: str = "\n") -> dict[str, str]:
    """Each file imports the next one twice."""
    texts = {f"{n}.md": f'@file:"{n + 1}.md"{between}@file:"{n + 1}.md"' for n in range(files)}
    return texts | {ROOT: "before @file:0.md after", f"{files}.md": last}


@pytest.mark.parametrize("files", [30, 60])
@pytest.mark.parametrize("last", ["x" * 100, "x"])
def test_a_bomb(files: int, last: str) -> None:
    imported = import_all(bomb(files, last))
    assert_exact(imported)
    assert imported.codes == [["reference/expansion-too-large"]]
    assert imported.rendered == imported.document.buffer.text()
    assert len(imported.asked) <= files + 1


def test_a_bomb_that_does_not_grow() -> None:
    """Empty contents add no byte, yet rendering would go through all places of them."""
    imported = import_all(bomb(60, "", between=""))
    assert_exact(imported)
    assert imported.codes == [["reference/expansion-too-large"]]


def test_many_references_to_what_is_put_in_often() -> None:
    texts = bomb(15, "") | {ROOT: "@file:0.md\n" * 5}
    imported = import_all(texts)
    assert_exact(imported)
    assert imported.codes == [[], *[["reference/expansion-too-large"]] * 4]


def test_many_that_all_import_each_other() -> None:
    names = [f"{n}.md" for n in range(60)]
    everything = "\n".join(f"@file:{name}" for name in names)
    imported = import_all(dict.fromkeys(names, everything) | {ROOT: "@file:0.md"})
    assert_exact(imported)
    assert imported.codes == [["reference/expansion-too-large"]]


def test_the_limit_holds_for_all_references_together() -> None:
    texts = {ROOT: f"{A}\n{A}\n{B}\n", "a.md": "a" * 60, "b.md": "b" * 30}
    imported = import_all(texts, expanded_bytes=100)
    assert_exact(imported)
    assert imported.codes == [[], ["reference/expansion-too-large"], []]
    assert imported.rendered == f"{'a' * 60}\n{A}\n{'b' * 30}\n"


NAMES = ("a.md", "b.md", "c.md", "d.md")
PIECES = (
    *(f"@file:{name}" for name in NAMES),
    *(f'@file:"{name}"' for name in NAMES),
    *("@file:missing.md", "@file:[ab].md", "@file:*", "@file:c*.md"),
    *(
        "word",
        "don't",
        "'",
        "s ",
        " ",
        "  ",
        "\n",
        "\n\n",
        "\r\n",
        "😀",
        "漢字",
        "1234",
        "#",
        "\ufeff",
    ),
)


@st.composite
def graphs(draw: st.DrawFn) -> dict[str, str]:
    text = st.lists(st.sampled_from(PIECES), max_size=6).map("".join)
    return {name: draw(text) for name in (ROOT, *NAMES[: draw(st.integers(0, 4))])}


@settings(max_examples=150, deadline=None)
@given(graphs(), st.integers(1, 4), st.sampled_from(["each", "once"]))
def test_random_graphs(texts: dict[str, str], depth: int, repeats: Repeats) -> None:
    assert_renders(texts, depth, repeats)
