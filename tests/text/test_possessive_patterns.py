"""No pattern repeats a group possessively: before 3.11.5, Python's `re` got such matches wrong.

(CPython issue 106052; Debian 12 has 3.11.2.) A possessive repetition of one class or character is
right in every version.
"""

from __future__ import annotations

import importlib
import pkgutil
import re
from collections.abc import Iterator

import pytest

import promptls

_parser = importlib.import_module("re._parser")
_constants = importlib.import_module("re._constants")
_SIMPLE = ("LITERAL", "NOT_LITERAL", "IN", "ANY")


def repeats_a_group(pattern: str, flags: int) -> bool:
    """Whether something longer than one character is repeated possessively, or atomic."""
    return _holds(_parser.parse(pattern, flags & ~re.UNICODE))


def _holds(node: object) -> bool:
    if isinstance(node, tuple) and node:
        name = str(node[0])
        if name == "ATOMIC_GROUP":
            return True
        if name == "POSSESSIVE_REPEAT":
            body = list(node[1][2])
            if len(body) != 1 or str(body[0][0]) not in _SIMPLE:
                return True
    if isinstance(node, (tuple, list, _parser.SubPattern)):
        return any(_holds(part) for part in node)
    return False


def compiled() -> Iterator[tuple[str, re.Pattern[str]]]:
    for module in pkgutil.walk_packages(promptls.__path__, "promptls."):
        if module.name.endswith("__main__"):
            continue
        for name, value in vars(importlib.import_module(module.name)).items():
            if isinstance(value, re.Pattern) and isinstance(value.pattern, str):
                yield f"{module.name}.{name}", value


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [(r"a++", False), (r"[ab]*+c", False), (r"(?:ab)++", True), (r"x(?:ab|c)?+", True)],
)
def test_the_check_itself(pattern: str, expected: bool) -> None:
    assert repeats_a_group(pattern, 0) is expected


def test_all_patterns() -> None:
    patterns = dict(compiled())
    assert len(patterns) > 50
    assert [
        name for name, found in patterns.items() if repeats_a_group(found.pattern, found.flags)
    ] == []
