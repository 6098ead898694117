"""Random edits of real prompts, in the units of any position encoding."""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.lsp.editor import Json
from tests.oracles.text_document import ContentChange, ReferenceTextDocument
from tests.oracles.text_model import Edited, Encoding, edited, joined, lines_of, to_units

CHECKOUT = Path(__file__).parents[2]
CORPUS = CHECKOUT.parent / "shared" / "corpus"
EXAMPLES = CHECKOUT / "examples"
SUFFIXES = {".md", ".prompt", ".prompty", ".mdc"}
LARGEST = 60_000

# No `dialect=`: where it stands in what only its own dialect reads as text, both readings of the
# document are right, and which one holds depends on the one before.
STRUCTURE = (
    *(
        "# ",
        "## Head 漢字\n",
        "\n# Head\n",
        "\n\n### a/b\n",
        "===\n",
        "\n---\n",
        "---\n",
        "----",
        "...\n",
    ),
    *("```\n", "\n```py\n", "~~~\n", "```", "~", "`", "    ", "\t# x\n", "> # x\n", "- # x\n"),
    *("<objective>\n", "</objective>\n", "\n<a>\n", "\n</a>\n", "<a", "</", ">", "<br/>\n"),
    *(
        "<!--",
        "-->",
        "\n<!--\n",
        "\n-->\n",
        "system:\n",
        "\nuser:\n",
        '{{role "user"}}',
        "assistant:",
    ),
    *("<!-- promptls: budget=50 -->\n", "\n<!-- promptls: ignore=budget/* -->\n"),
    *("<!-- promptls: model=gpt-4o -->", "promptls:"),
    *("---\nmodel: gpt-4o\n---\n", "model: o3\n", "budget: 300\n", "promptls:\n  budget: 90%\n"),
)
PIECES = (
    *(
        "a",
        "e",
        " ",
        "  ",
        "x1",
        "'s",
        "漢",
        "字を",
        "😀",
        "👩‍👧",
        "é",
        "e\u0301",
        "Ж",
        "\u0308",
        "٣",
    ),
    *("\n", "\n\n", "\r\n", "\r", "\n\r", "\u2028", "\u2029", "\x85", "\x0c", "\x0b", "\x1c", "\t"),
    *(
        "\ud83d",
        "\ude00",
        "\x00",
        "\ufeff",
        "\u00a0",
        "\u200b",
        "://",
        "!!",
        "12345",
        "the quick brown",
    ),
    *(" " * 70, "=" * 30, "ab" * 40, "\n" * 12, "漢字" * 20, "word " * 60, "\r\n\r\n# H\r\n"),
)


def documents() -> list[tuple[str, str]]:
    """(path, text) of the documents to edit: of the corpus, or else of `examples/`."""
    folder = CORPUS if CORPUS.is_dir() else EXAMPLES
    found = []
    for path in sorted(folder.rglob("*")):
        if path.suffix in SUFFIXES and 0 < path.stat().st_size <= LARGEST:
            text = path.read_bytes().decode("utf-8", "replace")
            found.append((path.relative_to(folder).as_posix(), text))
    return found


class ModelDocument:
    """The model in Python, where node is missing."""

    def __init__(self) -> None:
        self._text = ""

    def open(self, text: str) -> str:
        self._text = joined(text)
        return self._text

    def change(self, changes: list[ContentChange]) -> str:
        for change in changes:
            place = None
            if "range" in change:
                start, end = change["range"]["start"], change["range"]["end"]
                place = (start["line"], start["character"], end["line"], end["character"])
            self._text = edited(self._text, (place, change["text"]), "utf-16")
        return self._text


AnyDocument = ReferenceTextDocument | ModelDocument


def as_change(edit: Edited) -> ContentChange:
    """An edit as LSP has it."""
    place, text = edit
    if place is None:
        return {"text": text}
    return {
        "range": {
            "start": {"line": place[0], "character": place[1]},
            "end": {"line": place[2], "character": place[3]},
        },
        "text": text,
    }


def in_utf16(edit: Edited, lines: list[str], encoding: Encoding) -> Edited:
    """The same edit of a text with these lines, with its columns in utf-16."""
    place, text = edit
    if place is None or encoding == "utf-16":
        return edit
    first, last = place[:2], place[2:]
    return (*_in_utf16(first, lines, encoding), *_in_utf16(last, lines, encoding)), text


def _in_utf16(place: tuple[int, int], lines: list[str], encoding: Encoding) -> tuple[int, int]:
    line, column = place
    if line >= len(lines):
        return place
    units = to_units(lines[line], encoding)
    if column >= len(units):
        return line, len(to_units(lines[line], "utf-16")) + column - len(units)
    if encoding == "utf-8":
        # A column inside a character is taken for the one before it.
        while column and "\x80" <= units[column] <= "\xbf":
            column -= 1
        before = units[:column].encode("latin-1").decode("utf-8", "surrogatepass")
    else:
        before = units[:column]
    return line, len(to_units(before, "utf-16"))


@dataclass(frozen=True)
class Step:
    """The edits of one didChange, in the negotiated encoding."""

    edits: tuple[Edited, ...]

    def changes(self) -> list[Json]:
        return [dict(as_change(edit)) for edit in self.edits]


class Editing:
    """One document that is edited at random; `text` is what it has to be."""

    def __init__(self, oracle: AnyDocument, text: str, encoding: Encoding) -> None:
        self._oracle = oracle
        self._encoding = encoding
        self.text = oracle.open(text)

    def apply(self, edit: Edited) -> None:
        """Make one edit, told in the negotiated encoding."""
        lines = lines_of(self.text)
        converted = in_utf16(edit, lines, self._encoding)
        self.text = self._oracle.change([as_change(converted)])
        place = edit[0]
        if place is not None and max(place[0], place[2]) >= len(lines):
            # After an edit behind the last line the reference has wrong line starts (1.0.16).
            self._oracle.open(self.text)

    def step(self, source: random.Random, others: list[str]) -> Step:
        """Make the edits of one didChange."""
        edits: list[Edited] = []
        for _ in range(source.choice([1, 1, 1, 2, 3, 8])):
            edit = self._random(source, others)
            self.apply(edit)
            edits.append(edit)
        return Step(tuple(edits))

    def _random(self, source: random.Random, others: list[str]) -> Edited:
        lines = lines_of(self.text)
        dice = source.random()
        if dice < 0.004 or len(self.text) > 2 * LARGEST:
            return None, source.choice(others)
        if dice < 0.006:
            return None, "".join(source.choices(STRUCTURE + PIECES, k=source.randrange(40)))
        start = self._position(source, lines)
        if dice < 0.45:
            end = start
        elif dice < 0.7:
            end = start[0], start[1] + source.randrange(1, 4)
        elif dice < 0.8:
            # Whole lines, so that what holds the structure together goes as well.
            start = start[0], 0
            end = start[0] + source.randrange(1, 4), 0
        elif dice < 0.95:
            end = start[0] + source.randrange(3), source.randrange(40)
        else:
            end = self._position(source, lines)
        return (*start, *end), self._new_text(source)

    def _position(self, source: random.Random, lines: list[str]) -> tuple[int, int]:
        line = source.randrange(len(lines))
        dice = source.random()
        if dice < 0.02:
            return len(lines) + source.randrange(3), source.randrange(3)
        if dice < 0.3:
            line = next(
                (at for at in range(line, len(lines)) if lines[at][:1] in "#<`~-=" and lines[at]),
                line,
            )
        length = len(to_units(lines[line], self._encoding))
        return line, source.choice([0, length, length + 5, *[source.randint(0, length)] * 4])

    def _new_text(self, source: random.Random) -> str:
        kind = source.random()
        if kind < 0.25:
            return ""
        if kind < 0.6:
            return source.choice(PIECES)
        if kind < 0.9:
            return source.choice(STRUCTURE)
        return "".join(source.choices(PIECES + STRUCTURE, k=source.randrange(12)))


def halves(edits: list[Edited]) -> Iterator[list[Edited]]:
    """The list without parts of it, larger parts first (for a smaller reproduction)."""
    size = len(edits) // 2
    while size:
        for start in range(0, len(edits), size):
            yield edits[:start] + edits[start + size :]
        size //= 2
