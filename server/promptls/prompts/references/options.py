"""What stands behind a native target: `#L10-L40`, and options after `?` with `&` between them."""

from __future__ import annotations

import re
from typing import NamedTuple

from promptls.prompts.references.model import NO_OPTIONS, Options

OPTION_NAMES = ("lines", "max", "optional")

_OPTIONS_BEGIN = re.compile(r"\?(?=[A-Za-z][\w-]*(?:[=&]|$))")
LINE_ANCHOR = re.compile(r"#L(\d{1,9})(?:-L?(\d{1,9}))?")
_LAST_ANCHOR = re.compile(LINE_ANCHOR.pattern + "$")
_LINES = re.compile(r"(\d{1,9})(-(\d{1,9})?)?")
_MAX = re.compile(r"[1-9]\d{0,8}")

Problem = tuple[str, str]


class Split(NamedTuple):
    """A target and what is said about it; `target` is a prefix of what was split."""

    target: str
    options: Options = NO_OPTIONS
    problem: Problem | None = None


def split_path(written: str) -> Split:
    """Split `path#L10-L40?max=2000`.

    Options begin at the first `?` that a name follows which ends with `=`, with `&` or with the
    reference; any other `?` is a glob's.
    """
    begin = _OPTIONS_BEGIN.search(written)
    target = written if begin is None else written[: begin.start()]
    anchor = _LAST_ANCHOR.search(target)
    if anchor is not None:
        target = target[: anchor.start()]
    if begin is None and anchor is None:
        return Split(target)
    return Split(target, *read_options(written[begin.end() :] if begin else "", anchor))


def split_url(written: str) -> Split:
    """Split `https://…?query&max=2000`.

    An URL's query is its own, but for the options at the end of what follows the last `?`, where
    they are written rightly. A parameter of the same name that is meant for the server stands
    before another one, or the URL stands in quotes.
    """
    question = written.rfind("?")
    if question < 0:
        return Split(written)
    pairs = written[question + 1 :].split("&")
    kept = len(pairs)
    while kept and _is_option(pairs[kept - 1]):
        kept -= 1
    if kept == len(pairs):
        return Split(written)
    own = f"?{'&'.join(pairs[:kept])}" if kept else ""
    return Split(written[:question] + own, *read_options("&".join(pairs[kept:])))


def read_options(
    written: str, anchor: re.Match[str] | None = None
) -> tuple[Options, Problem | None]:
    """Read options (without the `?`) and a line anchor; what is wrong is left out and told."""
    lines: tuple[int, int | None] | None = None
    most: int | None = None
    optional = False
    problem: Problem | None = None
    if anchor is not None:
        lines = _ordered(anchor[1], anchor[2] or anchor[1])
        if lines is None:
            problem = _bad(f"`{anchor[0]}` names no lines. Write it as `#L10-L40`.")
    for pair in written.split("&") if written else ():
        name, equals, value = pair.partition("=")
        reason = ""
        if name == "lines":
            read = _read_lines(value)
            if read is None:
                reason = "`lines` needs two line numbers, as in `lines=10-40`."
            elif anchor is not None:
                reason = "The lines are given twice. Keep either `#L…` or `lines=…`."
            else:
                lines = read
        elif name == "max":
            if _MAX.fullmatch(value):
                most = int(value)
            else:
                reason = "`max` needs a number of tokens, as in `max=2000`."
        elif name == "optional":
            optional = True
            if equals:
                reason = "`optional` takes no value."
        else:
            reason = f"`{name}` is no option. Use `lines=10-40`, `max=2000` or `optional`."
        if reason and problem is None:
            problem = _bad(reason)
    return Options(lines=lines, max=most, optional=optional), problem


def _is_option(pair: str) -> bool:
    name, equals, value = pair.partition("=")
    if name == "optional":
        return not equals
    if name == "max":
        return _MAX.fullmatch(value) is not None
    return name == "lines" and _read_lines(value) is not None


def _read_lines(value: str) -> tuple[int, int | None] | None:
    found = _LINES.fullmatch(value)
    if found is None:
        return None
    if found[2] == "-":
        return (int(found[1]), None) if int(found[1]) else None
    return _ordered(found[1], found[3] or found[1])


def _ordered(first: str, last: str) -> tuple[int, int] | None:
    return (int(first), int(last)) if 1 <= int(first) <= int(last) else None


def _bad(message: str) -> Problem:
    return "reference/bad-option", message
