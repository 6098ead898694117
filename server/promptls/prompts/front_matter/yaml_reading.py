"""Reading the YAML of a front matter block: bounded, and without exceptions.

The node graph is read, not constructed: only the keys that are wanted become values, so that a
date that is none, an unknown tag or a repeated key elsewhere in the block does no harm.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from promptls.findings import Position, Range

if TYPE_CHECKING:
    import yaml

    _Loader: TypeAlias = type[yaml.SafeLoader] | type[yaml.CSafeLoader]

MAX_DEPTH = 32
"""Collections inside one another. The deepest real front matter (JSON schemas) stays under 15."""
MAX_NODES = 2000
"""Values of the wanted keys, what aliases repeat included."""
MAX_CHARACTERS = 1 << 18
"""Characters of these values, what aliases repeat included."""

_UNPRINTABLE = re.compile("[^\t\x20-\x7e\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_YAML_LINE_ENDS = str.maketrans(dict.fromkeys("\x85\u2028\u2029", " "))
_DECIMAL = re.compile(r"[-+]?[0-9][0-9_]{0,17}")
_TRUE = frozenset({"yes", "true", "on"})


@dataclass(frozen=True, slots=True)
class Reading:
    """The wanted keys with their values, and where each key stands (code points)."""

    values: dict[str, object]
    key_ranges: dict[tuple[str, ...], Range]
    """By the path of keys from the top: `("promptls", "budget")`."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a block could not be read, and where (code points)."""

    line: int
    character: int
    problem: str


class _TooMuchError(Exception):
    """More values than MAX_NODES, or longer ones than MAX_CHARACTERS together."""


def read_yaml(
    lines: Sequence[str],
    first_line: int,
    wanted: AbstractSet[str] | None,
    max_nodes: int = MAX_NODES,
) -> Reading | Refusal:
    """Read the `wanted` keys at the top of the mapping that `lines` spell; None for all.

    `lines` come without their line ends; `first_line` is the number of the first in its document.
    Text that is YAML but no mapping has no values. Never raises.
    """
    import yaml

    loader: _Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    text = "\n".join(_readable(line) for line in lines)
    try:
        deep = _first_too_deep(text, loader)
        if deep is not None:
            problem = f"more than {MAX_DEPTH} collections inside one another"
            return Refusal(first_line + deep.line, deep.character, problem)
        node = yaml.compose(text, Loader=loader)
        if not isinstance(node, yaml.MappingNode):
            return Reading({}, {})
        return _MappingReader(first_line, max_nodes).read(node, wanted)
    except yaml.MarkedYAMLError as error:
        return _refusal(error, first_line, len(lines))
    except _TooMuchError:
        problem = f"more than {max_nodes} values or {MAX_CHARACTERS:,} characters"
        return Refusal(first_line, 0, problem)
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        # PyYAML's own scanner lets chr() fail on an escape beyond Unicode.
        return Refusal(first_line, 0, str(error).partition("\n")[0])


def _readable(line: str) -> str:
    """Keep a line's length, but no character that YAML refuses or takes for a line end."""
    return _UNPRINTABLE.sub("\ufffd", line.translate(_YAML_LINE_ENDS))


def _first_too_deep(text: str, loader: _Loader) -> Position | None:
    """Find where the text nests deeper than is allowed; what follows is not even scanned."""
    import yaml

    depth = 0
    for event in yaml.parse(text, Loader=loader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            mark = event.start_mark
            if depth > MAX_DEPTH and mark is not None:
                return Position(mark.line, mark.column)
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
    return None


def _refusal(error: yaml.MarkedYAMLError, first_line: int, line_count: int) -> Refusal:
    mark = error.problem_mark
    if mark is None or mark.line >= line_count or error.problem == "found unexpected end of stream":
        # What is never closed is found at the end of the text, but belongs where it begins.
        mark = error.context_mark or mark
    problem = error.problem or "not understood"
    if mark is None or mark.line >= line_count:
        return Refusal(first_line, 0, problem)
    return Refusal(first_line + mark.line, mark.column, problem)


class _MappingReader:
    """Turns nodes into plain values, a bounded number of bounded size."""

    def __init__(self, first_line: int, max_nodes: int) -> None:
        self._first_line = first_line
        self._nodes_left = max_nodes
        self._characters_left = MAX_CHARACTERS
        self._key_ranges: dict[tuple[str, ...], Range] = {}

    def read(self, root: yaml.MappingNode, wanted: AbstractSet[str] | None) -> Reading:
        values = self._mapping(root, (), wanted)
        return Reading(values, self._key_ranges)

    def _mapping(
        self, node: yaml.MappingNode, path: tuple[str, ...], wanted: AbstractSet[str] | None
    ) -> dict[str, object]:
        import yaml

        values: dict[str, object] = {}
        for key_node, value_node in node.value:
            if not isinstance(key_node, yaml.ScalarNode):
                continue
            key = str(key_node.value)
            if wanted is not None and key not in wanted:
                continue
            self._take(key)
            start, end = key_node.start_mark, key_node.end_mark
            self._key_ranges[(*path, key)] = Range.of(
                self._first_line + start.line,
                start.column,
                self._first_line + end.line,
                end.column,
            )
            values[key] = self._value(value_node, (*path, key))
        return values

    def _value(self, node: yaml.Node, path: tuple[str, ...]) -> object:
        import yaml

        self._nodes_left -= 1
        # A depth of its own: an alias may stand for a collection that it is itself a part of.
        if self._nodes_left < 0 or len(path) > MAX_DEPTH:
            raise _TooMuchError
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path, None)
        if isinstance(node, yaml.SequenceNode):
            return [self._value(item, (*path, str(i))) for i, item in enumerate(node.value)]
        text = str(node.value)
        self._take(text)
        return _scalar(node.tag, text)

    def _take(self, text: str) -> None:
        self._characters_left -= len(text)
        if self._characters_left < 0:
            raise _TooMuchError


def _scalar(tag: str, text: str) -> object:
    """Read a scalar as YAML 1.2 does: `0500` is decimal, `1:30` is text."""
    match tag.removeprefix("tag:yaml.org,2002:"):
        case "null":
            return None
        case "bool":
            return text.lower() in _TRUE
        case "int" if _DECIMAL.fullmatch(text):
            return int(text)
        case "float":
            try:
                return float(text.replace("_", ""))
            except ValueError:
                return text
        case _:
            return text
