"""Directives: settings in a comment, `<!-- promptls: budget=500 ignore=budget/* -->`.

One comment on one line holds any number of `key=value` pairs with blanks between them; a value
with blanks stands in quotes. Where they apply:

- `dialect`, `model` and `encoding`: to the document, wherever they stand.
- `budget`: to the innermost section that holds the line, its subsections included; in the
  preamble, before any section, to the document.
- `ignore` (finding codes or globs such as `budget/*`, commas between them): to findings in the
  innermost section that holds the line, its subsections included; in the preamble, to the whole
  document.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from promptls.findings import Finding, Fix, Range
from promptls.prompts.own_settings import OWN_KEYS, complaint, nearest

MAX_LENGTH = 2000
"""Characters in one directive; what is longer was not written by a person."""

_COMMENT = re.compile(r"<!--[ \t]*promptls:")
_KEY = re.compile(r"[^\s=]*")
_BLANKS = re.compile(r"\s*")
_BARE_VALUE = re.compile(r"[^\s\"']\S*")
_EXAMPLES = {
    "budget": "budget=500",
    "dialect": "dialect=claude",
    "encoding": "encoding=o200k_base",
    "ignore": "ignore=budget/*",
    "model": "model=gpt-4o",
}


@dataclass(frozen=True, slots=True)
class Pair:
    """One setting in a directive, with a value that is understood."""

    key: str
    """`budget`, `dialect`, `encoding`, `ignore` or `model`."""
    value: str
    """Without quotes and the blanks around it."""
    range: Range
    """Of the whole pair, in code points."""

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes and globs that the value of `ignore` lists."""
        return _items(self.value)


@dataclass(frozen=True, slots=True)
class Directive:
    """The directives of one line. Columns are in code points."""

    pairs: tuple[Pair, ...]
    findings: tuple[Finding, ...] = ()

    def value(self, key: str) -> str | None:
        """Return the value of a key; the last one counts."""
        return next((pair.value for pair in reversed(self.pairs) if pair.key == key), None)

    def ignored(self) -> tuple[str, ...]:
        """Return all codes and globs that are ignored."""
        return tuple(code for pair in self.pairs if pair.key == "ignore" for code in pair.codes)

    def document_settings(self, *, in_preamble: bool) -> dict[str, object]:
        """Return the settings that apply to the document, in the shape of a settings layer."""
        settings: dict[str, object] = {}
        for pair in self.pairs:
            if pair.key in ("model", "encoding"):
                settings[pair.key] = pair.value
            elif pair.key == "budget" and in_preamble:
                settings["budget"] = {"document": pair.value}
        ignored = self.ignored()
        if ignored and in_preamble:
            settings["ignore"] = list(ignored)
        return settings


def parse_directive(text: str, line: int = 0) -> Directive | None:
    """Read the directives in the comments of one line of text; None where there is none.

    `line` is the number of the line in its document, for the ranges.
    """
    if "promptls:" not in text:
        return None
    pairs: list[Pair] = []
    findings: list[Finding] = []
    found = False
    end = 0
    while (comment := _COMMENT.search(text, end)) is not None:
        end = text.find("-->", comment.end())
        if end < 0:
            break
        found = True
        if end - comment.end() > MAX_LENGTH:
            range_ = Range.of(line, comment.start(), line, comment.end())
            message = f"This directive is longer than {MAX_LENGTH:,} characters; it is passed over."
            findings.append(Finding("directive/wrong-value", "warning", range_, message))
            continue
        for written in _written_pairs(text, comment.end(), end):
            finding = _finding(written, line)
            if finding is not None:
                findings.append(finding)
            else:
                range_ = Range.of(line, written.start, line, written.end)
                pairs.append(Pair(written.key, written.value.strip(), range_))
    return Directive(tuple(pairs), tuple(findings)) if found else None


@dataclass(frozen=True, slots=True)
class _Written:
    """A pair as it stands, understood or not."""

    key: str
    value: str
    start: int
    key_end: int
    value_start: int
    end: int


def _written_pairs(text: str, start: int, end: int) -> Iterator[_Written]:
    position = _skip_blanks(text, start, end)
    while position < end:
        key_end = _match_end(_KEY, text, position, end)
        key = text[position:key_end]
        value = ""
        value_start = pair_end = key_end
        equals = _skip_blanks(text, key_end, end)
        if equals < end and text[equals] == "=":
            value_start = _skip_blanks(text, equals + 1, end)
            pair_end = _value_end(text, value_start, end)
            value = _unquoted(text[value_start:pair_end])
            pair_end = max(pair_end, equals + 1)
        yield _Written(key, value, position, key_end, value_start, pair_end)
        position = _skip_blanks(text, pair_end, end)


def _value_end(text: str, start: int, end: int) -> int:
    """Where a value ends; one that ends with a comma goes on after the blanks."""
    if start < end and text[start] in "\"'":
        closing = text.find(text[start], start + 1, end)
        return end if closing < 0 else closing + 1
    position = _match_end(_BARE_VALUE, text, start, end)
    while position > start and text[position - 1] == ",":
        following = _skip_blanks(text, position, end)
        further = _match_end(_BARE_VALUE, text, following, end)
        if further == following or "=" in text[following:further]:
            break
        position = further
    return position


def _unquoted(value: str) -> str:
    if value[:1] in ("'", '"') and len(value) > 1 and value[-1] == value[0]:
        return value[1:-1]
    return value


def _finding(written: _Written, line: int) -> Finding | None:
    """Say what is wrong with a pair, if anything is."""
    key = written.key
    key_range = Range.of(line, written.start, line, max(written.key_end, written.start + 1))
    if key not in OWN_KEYS:
        meant = nearest(key, OWN_KEYS)
        fixes: tuple[Fix, ...] = ()
        if meant is None:
            way_out = f"Known are {', '.join(f'`{name}`' for name in OWN_KEYS)}."
        else:
            way_out = f"Did you mean `{meant}`?"
            fixes = (Fix(f"Change to `{meant}`", key_range, meant),)
        message = f"`{key}` is no directive of promptls. {way_out}"
        return Finding("directive/unknown-key", "warning", key_range, message, fixes=fixes)
    if not written.value.strip():
        message = f"`{key}` has no value. Write it as `{_EXAMPLES[key]}`."
        return Finding("directive/wrong-value", "warning", key_range, message)
    reason = _reason(key, written.value)
    if reason is None:
        return None
    value_range = Range.of(line, written.value_start, line, written.end)
    message = f"`{key}` {reason}. Write it as `{_EXAMPLES[key]}`."
    return Finding("directive/wrong-value", "warning", value_range, message)


def _reason(key: str, value: str) -> str | None:
    if key == "ignore":
        complaints = ((code, complaint("ignore", code)) for code in _items(value))
        return next((f"`{code}` {reason}" for code, reason in complaints if reason), None)
    return complaint("budget.document" if key == "budget" else key, value.strip())


def _items(value: str) -> tuple[str, ...]:
    return tuple(item for part in value.split(",") if (item := part.strip()))


def _skip_blanks(text: str, start: int, end: int) -> int:
    return _match_end(_BLANKS, text, start, end)


def _match_end(pattern: re.Pattern[str], text: str, start: int, end: int) -> int:
    """Where a match at `start` ends, looking no further than `end`; `start` without one."""
    match = pattern.match(text, start, end)
    return start if match is None else match.end()
