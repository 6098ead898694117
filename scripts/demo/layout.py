"""Documents laid out as editors do it: hints at line ends, notes under lines, the rest folded."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from scripts.demo.document import Document, label

CONTEXT = 1
"""Lines that are shown before and after one that has a hint or a note."""
FEWEST_FOLDED = 3

SEVERITIES = {1: "error", 2: "warning", 3: "information", 4: "hint"}
COLOURS = {
    "error": "31",
    "warning": "33",
    "information": "34",
    "hint": "36",
    "hover": "32",
    "dim": "2",
    "bold": "1",
}

Paint = Callable[[str, str], str]


@dataclass(frozen=True)
class Note:
    """Something that stands under a part of a line."""

    range: Mapping[str, Any]
    style: str
    text: str
    details: tuple[str, ...] = ()


def painter(coloured: bool) -> Paint:
    """Give what puts a text into a style, or leaves it as it is where there are no colours."""

    def paint(text: str, style: str) -> str:
        return f"\x1b[{COLOURS[style]}m{text}\x1b[0m" if coloured else text

    return paint


def escaped(text: str) -> str:
    """Make everything that could steer the terminal visible instead."""
    return "".join(
        char if char.isprintable() else char.encode("unicode_escape", "surrogatepass").decode()
        for char in text
    )


def columns(text: str) -> int:
    """Count the columns that a text takes in a terminal."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1
        for char in text
    )


def up_to(line: str, character: int) -> str:
    """Give a line's part before a column in UTF-16 code units."""
    return line.encode("utf-16-le", "surrogatepass")[: 2 * character].decode("utf-16-le", "replace")


def show(document: Document, heading: str, paint: Paint) -> None:
    """Print a document under a heading, with its hints and diagnostics."""
    found = document.diagnostics or []
    counts = [
        f"{count} {name}{'s' if count > 1 and name != 'information' else ''}"
        for number, name in SEVERITIES.items()
        if (count := sum(each.get("severity", 1) == number for each in found))
    ]
    print(f"\n{paint(heading, 'bold')}: {', '.join(counts) or 'nothing to report'}")
    notes = [_note(diagnostic) for diagnostic in found]
    print("\n".join(laid_out(document.lines, document.hints, notes, paint)))


def laid_out(
    lines: Sequence[str], hints: Sequence[Mapping[str, Any]], notes: Sequence[Note], paint: Paint
) -> Iterator[str]:
    """Lay lines out, with long stretches folded where there is nothing to tell."""
    labels: dict[int, list[str]] = {}
    for hint in hints:
        labels.setdefault(hint["position"]["line"], []).append(label(hint).strip())
    noted: dict[int, list[Note]] = {}
    for note in notes:
        noted.setdefault(note.range["start"]["line"], []).append(note)
    telling = labels.keys() | noted.keys()
    folded = 0
    for number, line in enumerate(lines):
        near = range(number - CONTEXT, number + CONTEXT + 1)
        if not any(each in telling for each in near):
            folded += 1
            continue
        yield from _fold(lines, number - folded, number, paint)
        folded = 0
        yield _line(number, line, labels.get(number, []), paint)
        for note in noted.get(number, []):
            yield from _noted(note, line, paint)
    yield from _fold(lines, len(lines) - folded, len(lines), paint)


def _note(diagnostic: Mapping[str, Any]) -> Note:
    """A diagnostic as it stands under its line."""
    related = diagnostic.get("relatedInformation") or []
    return Note(
        diagnostic["range"],
        SEVERITIES[diagnostic.get("severity", 1)],
        f"{diagnostic.get('code', '')}: {diagnostic['message']}",
        tuple(
            f"line {each['location']['range']['start']['line'] + 1}: {each['message']}"
            for each in related
        ),
    )


def _fold(lines: Sequence[str], start: int, end: int, paint: Paint) -> Iterator[str]:
    """Fold lines, or show them where the fold would hide next to nothing."""
    if end - start >= FEWEST_FOLDED:
        yield paint(f"     │ … {end - start} lines …", "dim")
        return
    for number in range(start, end):
        yield _line(number, lines[number], [], paint)


def _line(number: int, line: str, labels: Sequence[str], paint: Paint) -> str:
    at_end = "".join("  " + paint(escaped(text), "dim") for text in labels)
    return f"{paint(f'{number + 1:4} │', 'dim')} {escaped(line)}{at_end}".rstrip()


def _noted(note: Note, line: str, paint: Paint) -> Iterator[str]:
    start, end = note.range["start"], note.range["end"]
    before = up_to(line, start["character"])
    marked = up_to(line, end["character"]) if end["line"] == start["line"] else line
    gutter = paint("     │", "dim") + " "
    marks = "^" * max(1, columns(escaped(marked)) - columns(escaped(before)))
    yield gutter + " " * columns(escaped(before)) + paint(marks, note.style)
    yield f"{gutter}{paint(note.style, note.style)} {escaped(note.text)}"
    for detail in note.details:
        yield gutter + paint(f"  {escaped(detail)}", "dim")
