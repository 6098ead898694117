"""Reads `.env` files as shells and their libraries agree on them; nothing is filled in."""

from __future__ import annotations

import re

_ENTRY = re.compile(
    r"""^[ \t]*+(?:export[ \t]++)?([A-Za-z_][A-Za-z0-9_.-]*+)[ \t]*+=[ \t]*+
    (?: '([^']*+)'[ \t]*+(?:\#.*+)?$
      | "((?:[^"\\]|\\[\s\S])*)"[ \t]*+(?:\#.*+)?$
      | (?!['"])(.*)$
    )""",
    re.MULTILINE | re.VERBOSE,
)
_COMMENT = re.compile(r"(?:^|[ \t])#.*$")
_ESCAPE = re.compile(r"\\([\s\S])")
_ESCAPED = {"n": "\n", "r": "\r", "t": "\t"}


def read_dotenv(text: str) -> dict[str, str]:
    """Read the variables of a `.env` text with line feeds as line ends.

    `NAME=value`, `export NAME=value`, quotes of both kinds (over several lines too; escapes
    inside of double quotes only), comments behind `#`. A line of another form says nothing; of
    two with one name the later counts. `$NAME` in a value stays as it is.
    """
    found: dict[str, str] = {}
    for match in _ENTRY.finditer(text):
        name, literal, escaped, plain = match.groups()
        if literal is not None:
            found[name] = literal
        elif escaped is not None:
            found[name] = _ESCAPE.sub(lambda hit: _ESCAPED.get(hit[1], hit[1]), escaped)
        else:
            found[name] = _COMMENT.sub("", plain).strip()
    return found
