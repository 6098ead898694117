from __future__ import annotations

import io
import re
import sys
from pathlib import Path
from typing import Any

import pytest
from tests.cli.scripting import Run, run_process, write
from tests.oracles.reference_encodings import reference_count

FIGURES = re.compile(r"  (?:\d+ files, )?\d+ tok(?: → \d+)?")


def tokens(text: str) -> int:
    return reference_count("cl100k_base", text)


def shape(out: str) -> list[str]:
    """The lines without their figures."""
    return [FIGURES.sub("", line) for line in out.splitlines()]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        pytest.param({"main.md": "Nothing\n"}, ["main.md"], id="nothing"),
        pytest.param(
            {"main.md": "@file:a.md @file:b.md", "a.md": "A @file:c.md", "b.md": "B", "c.md": "C"},
            ["main.md", "├── a.md", "│   └── c.md", "└── b.md"],
            id="levels",
        ),
        pytest.param(
            {"main.md": "@file:a.md @file:b.md", "a.md": "@file:c.md", "b.md": "@file:c.md"}
            | {"c.md": "@file:d.md", "d.md": "D"},
            [
                "main.md",
                "├── a.md",
                "│   └── c.md",
                "│       └── d.md",
                "└── b.md",
                "    └── c.md  (*)",
            ],
            id="diamond",
        ),
        pytest.param(
            {"main.md": "@file:a.md @file:main.md", "a.md": "@file:b.md", "b.md": "@file:a.md"},
            [
                "main.md",
                "├── a.md",
                "│   └── b.md",
                "│       └── a.md  (cycle)",
                "└── main.md  (cycle)",
            ],
            id="cycle",
        ),
        pytest.param(
            {"main.md": "@file:no.md @file:a.md @file:.env", "a.md": "@file:../x.md @file:no"}
            | {".env": "A=1"},
            [
                "main.md",
                "├── no.md  (not found)",
                "├── a.md",
                "│   ├── ../x.md  (blocked)",
                "│   └── no  (not found)",
                "└── .env  (blocked)",
            ],
            id="missing and blocked",
        ),
        pytest.param(
            {"main.md": "@file:docs/*.md", "docs/a.md": "A @file:../c.md", "docs/b.md": "B"}
            | {"c.md": "C"},
            [
                "main.md",
                "└── docs/*.md",
                "    ├── docs/a.md",
                "    │   └── c.md",
                "    └── docs/b.md",
            ],
            id="glob",
        ),
        pytest.param(
            {"main.md": "@file:a.md#L2-L3 and @file:a.md?lines=1", "a.md": "1\n2\n3\n4\n"},
            ["main.md", "├── a.md#L2-L3", "└── a.md#L1-L1"],
            id="lines",
        ),
        pytest.param(
            {"main.md": "@var:x, @var:y and @api:z", "promptls.toml": "[vars]\nx = 'X'\n"},
            [
                "main.md",
                "├── @var:x",
                "├── @var:y  (undefined variable)",
                "└── @api:z  (unknown endpoint)",
            ],
            id="other kinds",
        ),
        pytest.param(
            {"CLAUDE.md": "@./a.md @./b.md #file:c.md @nothing @no.md", "a.md": "@./b.md"}
            | {"b.md": "B", "c.md": "C"},
            [
                "CLAUDE.md",
                "├── a.md",
                "│   └── b.md",
                "├── b.md  (*)",
                "├── c.md  (not loaded)",
                "└── no.md  (not found)",
            ],
            id="Claude brings in a file once",
        ),
        pytest.param(
            {"CLAUDE.md": "#file:a.md @./a.md @./a.md", "a.md": "A"},
            ["CLAUDE.md", "├── a.md  (not loaded)", "├── a.md", "└── a.md  (*)"],
            id="what is not loaded is not in",
        ),
        pytest.param(
            {"CLAUDE.md": "@./1.md"}
            | {f"{n}.md": f"@./{n + 1}.md" for n in range(1, 6)}
            | {"6.md": "six"},
            [
                "CLAUDE.md",
                "└── 1.md",
                "    └── 2.md",
                "        └── 3.md",
                "            └── 4.md",
                "                └── 5.md",
                "                    └── ./6.md  (too deep)",
            ],
            id="too deep",
        ),
        pytest.param(
            {"x.prompt.md": "#file:a.md ${input:name}", "a.md": "A"},
            ["x.prompt.md", "├── a.md  (attached)", "└── ${input:name}  (deferred)"],
            id="attached and deferred",
        ),
    ],
)
def test_shape(run: Run, files: dict[str, str], expected: list[str]) -> None:
    write("promptls.toml", "")
    for name, text in files.items():
        write(name, text)
    result = run("tree", next(iter(files)))
    assert (result.code, result.err) == (0, "")
    assert shape(result.out) == expected


def test_figures(run: Run) -> None:
    write("promptls.toml", "")
    write("CLAUDE.md", "See @docs/a.md and @docs/b.md and @docs/b.md\nand more\n")
    write("docs/a.md", "A: @./b.md\n")
    write("docs/b.md", "B text of several words\n")
    sent = "See A: B text of several words and @docs/b.md and @docs/b.md\nand more\n"
    inner, expanded, b = "A: @./b.md", "A: B text of several words", "B text of several words"
    figures = [tokens(text) for text in (Path("CLAUDE.md").read_text(), sent, inner, expanded, b)]
    assert run("tree", "CLAUDE.md").out == (
        "CLAUDE.md  {} tok → {}\n"
        "├── docs/a.md  {} tok → {}\n"
        "│   └── docs/b.md  {} tok\n"
        "├── docs/b.md  {} tok → 0  (*)\n"
        "└── docs/b.md  {} tok → 0  (*)\n"
    ).format(*figures, figures[-1], figures[-1])


def leaves(node: dict[str, Any]) -> list[dict[str, Any]]:
    found = []
    for reference in node["references"]:
        found.append(reference)
        for content in reference["contents"]:
            found += leaves(content)
    return found


def test_json_agrees_with_count(run: Run) -> None:
    write("promptls.toml", "")
    write("main.md", "# T\n@file:docs/*.md @file:a.md @file:no.md\n")
    write("docs/x.md", "X @file:../a.md\n@file:../main.md")
    write("docs/y.md", "Y @file:../a.md")
    write("a.md", "Content of a, @var:nope")
    (tree,) = run("tree", "--format", "json", "main.md").json()["documents"]
    (document,) = run("count", "--format", "json", "main.md").json()["documents"]
    for key in ("path", "dialect", "encoding", "tokens", "expandedTokens"):
        assert tree[key] == document[key]
    for node, reference in zip(tree["references"], document["references"], strict=True):
        for key in ("kind", "target", "placement", "status", "tokens", "expandedTokens", "code"):
            assert node[key] == reference[key]
        assert node["line"] == reference["range"]["start"]["line"]
    glob = tree["references"][0]
    assert [content["name"] for content in glob["contents"]] == ["docs/x.md", "docs/y.md"]
    assert glob["contents"][0]["resolvedUri"] == Path("docs/x.md").absolute().as_uri()
    codes = [one["code"] for one in leaves(tree)]
    assert codes.count("reference/cycle") == 1 and codes.count("reference/not-found") == 1
    # The same content costs the same wherever it stands.
    costs = {
        (content["tokens"], content["expandedTokens"])
        for one in leaves(tree)
        for content in one["contents"]
        if content["name"] == "a.md"
    }
    assert len(costs) == 1


@pytest.mark.parametrize(("depth", "lines"), [("1", 2), ("2", 3), ("3", 4), ("9", 4)])
def test_depth(run: Run, depth: str, lines: int) -> None:
    for name, text in (("main", "@file:a.md"), ("a", "@file:b.md"), ("b", "@file:c.md")):
        write(f"{name}.md", text)
    write("c.md", "C")
    shown = run("tree", "--depth", depth, "main.md").out.splitlines()
    assert shown == run("tree", "main.md").out.splitlines()[:lines]


def test_what_is_cut_off_is_shown_where_it_fits(run: Run) -> None:
    write("main.md", "@file:a.md @file:b.md")
    write("a.md", "@file:b.md")
    write("b.md", "@file:c.md")
    write("c.md", "C")
    lines = ["main.md", "├── a.md", "│   └── b.md", "└── b.md", "    └── c.md"]
    assert shape(run("tree", "--depth", "2", "main.md").out) == lines


def test_without_resolving(run: Run) -> None:
    write("main.md", "@file:a.md")
    write("a.md")
    assert shape(run("tree", "--no-resolve", "main.md").out) == [
        "main.md",
        "└── a.md  (deferred)",
    ]


def test_several_documents_and_what_fails(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    write("prompts/a.md", "@file:c.md")
    write("prompts/b.md", b"\0")
    write("prompts/c.md", "C")
    result = run("tree", "prompts", "none.md")
    assert result.code == 2
    assert shape(result.out) == ["prompts/a.md", "└── prompts/c.md", "", "prompts/c.md"]
    assert "prompts/b.md: " in result.err and "none.md: " in result.err
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"@file:prompts/c.md")))
    assert shape(run("tree", "-").out) == ["-", "└── prompts/c.md"]


def test_names_are_escaped(run: Run) -> None:
    write("main.md", '@file:"a\x1b[31m.md" and @file:"b\u202e.md"\n')
    write("a\x1b[31m.md", "A")
    out = run("tree", "main.md").out
    assert "\\x1b[31m" in out and "\\u202e" in out
    assert "\x1b" not in out and "\u202e" not in out


def test_real_script_where_lines_cannot_be_shown(run: Run) -> None:
    write("main.md", "@file:a.md @file:b.md")
    write("a.md", "@file:b.md")
    write("b.md", "B")
    result = run_process("tree", "main.md", PYTHONIOENCODING="ascii")
    assert (result.code, result.err) == (0, "")
    assert result.out.splitlines() == [
        b"main.md  8 tok -> 2",
        b"|-- a.md  4 tok -> 1",
        b"|   `-- b.md  1 tok",
        b"`-- b.md  1 tok  (*)",
    ]
