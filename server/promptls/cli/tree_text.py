"""An import tree as text, drawn like the output of `tree`."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import click

from promptls.cli.escaping import escape
from promptls.cli.import_tree import ContentNode, ImportTree, ReferenceNode
from promptls.cli.tables import figure, is_coloured


class Drawing(NamedTuple):
    """What the lines of a tree are made of."""

    branch: str
    last: str
    passing: str
    arrow: str


_LINES = Drawing("├── ", "└── ", "│   ", "→")
_ASCII = Drawing("|-- ", "`-- ", "|   ", "->")
_BELOW_LAST = "    "
_REPEATED = "(*)"

Node = ReferenceNode | ContentNode


def show(tree: ImportTree) -> None:
    """Print a tree: a line for each reference, and for each file of a glob or folder."""
    drawing = _drawing()
    print(_joined(escape(tree.path), _cost(tree.tokens, tree.expanded_tokens, drawing)))
    for line in _drawn(tree.references, "", drawing):
        print(line)


def _drawing() -> Drawing:
    """Lines where standard output can show them, else what all can."""
    try:
        "".join(_LINES).encode(sys.stdout.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return _ASCII
    return _LINES


def _drawn(nodes: Sequence[Node], before: str, drawing: Drawing) -> Iterator[str]:
    for node in nodes:
        is_last = node is nodes[-1]
        yield before + (drawing.last if is_last else drawing.branch) + _line(node, drawing)
        below = before + (_BELOW_LAST if is_last else drawing.passing)
        yield from _drawn(_below(node), below, drawing)


def _below(node: Node) -> Sequence[Node]:
    if isinstance(node, ContentNode):
        return node.references
    # What a reference brings in stands in its line, unless it is several files.
    return node.contents[0].references if len(node.contents) == 1 else node.contents


def _line(node: Node, drawing: Drawing) -> str:
    cost = _cost(node.tokens, node.expanded_tokens, drawing)
    if isinstance(node, ContentNode):
        return _joined(escape(node.name), cost, _REPEATED if node.repeated else "")
    marks = [_state(node)]
    if len(node.contents) > 1:
        cost = f"{len(node.contents)} files, {cost}"
    elif node.contents and node.contents[0].repeated:
        marks.append(_REPEATED)
    return _joined(escape(_name(node)), cost, *marks)


def _name(node: ReferenceNode) -> str:
    reference = node.reference
    if reference.kind != "file":
        return reference.text
    return node.contents[0].name if len(node.contents) == 1 else reference.target


def _cost(tokens: int | None, expanded: int | None, drawing: Drawing) -> str:
    if tokens is None:
        return ""
    cost = f"{figure(tokens)} tok"
    return cost if expanded == tokens else f"{cost} {drawing.arrow} {figure(expanded)}"


def _state(node: ReferenceNode) -> str:
    """What there is to say of a reference that is not simply put in."""
    if node.reference.placement == "none":
        return "(not loaded)"
    if node.status == "failed" and node.notice is not None:
        return _problem(node.notice.code.partition("/")[2].replace("-", " "))
    if node.status in ("failed", "blocked"):
        return _problem(node.status)
    if node.status != "resolved":
        return f"({node.status})"
    return "(attached)" if node.reference.placement == "attached" else ""


def _problem(words: str) -> str:
    return click.style(f"({words})", fg="red") if is_coloured() else f"({words})"


def _joined(*words: str) -> str:
    return "  ".join(word for word in words if word)
