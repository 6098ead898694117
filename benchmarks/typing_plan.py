"""Where and what is typed: endless sequences of steps that take back what they put in."""

from __future__ import annotations

import json
import random
from collections import deque
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from benchmarks.session import VISIBLE_LINES


class Place(NamedTuple):
    """A line and a column in UTF-16 code units, from 0."""

    line: int
    character: int


class Step(NamedTuple):
    """One `didChange`, and the first line of the window that is asked for after it."""

    changes: str
    """The JSON of `contentChanges`."""
    first_line: int


def in_place(place: Place, text: str = "x") -> Iterator[Step]:
    """Type `text` and take it back, in turn, always at the same place."""
    first_line = _window(place)
    insert, remove = _insertion(place, text), _removal(place, text)
    while True:
        yield Step(f"[{insert}]", first_line)
        yield Step(f"[{remove}]", first_line)


def anywhere(lines: Sequence[str], seed: int, apart: int = 16) -> Iterator[Step]:
    """Type a letter at a random place each time.

    Every second step takes a letter back, of `apart` insertions ago: no step is near the one
    before it. Letters that are still there stand on lines of their own.
    """
    rng = random.Random(seed)
    typed: deque[Place] = deque()
    while True:
        place = random_place(lines, rng)
        if any(place.line == other.line for other in typed):
            continue
        typed.append(place)
        yield Step(f"[{_insertion(place, 'x')}]", _window(place))
        if len(typed) > apart:
            place = typed.popleft()
            yield Step(f"[{_removal(place, 'x')}]", _window(place))


def many_at_once(lines: Sequence[str], seed: int, count: int) -> Iterator[Step]:
    """Type a letter on `count` random lines in one change, and take them all back in the next."""
    rng = random.Random(seed)
    chosen = rng.sample(range(len(lines)), count)
    places = [place_on(lines, line, rng) for line in chosen]
    insert = ",".join(_insertion(place, "x") for place in places)
    remove = ",".join(_removal(place, "x") for place in places)
    while True:
        yield Step(f"[{insert}]", _window(places[0]))
        yield Step(f"[{remove}]", _window(places[0]))


def random_place(lines: Sequence[str], rng: random.Random) -> Place:
    """Choose a line, and a place on it."""
    return place_on(lines, rng.randrange(len(lines)), rng)


def place_on(lines: Sequence[str], line: int, rng: random.Random) -> Place:
    """Choose a column on a line that is not inside a surrogate pair."""
    return Place(line, utf16_length(lines[line][: rng.randint(0, len(lines[line]))]))


def utf16_length(text: str) -> int:
    """Count UTF-16 code units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le")) // 2


def _window(place: Place) -> int:
    return max(0, place.line - VISIBLE_LINES // 2)


def _insertion(place: Place, text: str) -> str:
    return _change(place, place, 0, text)


def _removal(place: Place, text: str) -> str:
    """Take back `text`, which stands at `place`."""
    *_, last = text.split("\n")
    breaks = text.count("\n")
    end = Place(place.line + breaks, len(last) if breaks else place.character + len(text))
    return _change(place, end, len(text), "")


def _change(start: Place, end: Place, length: int, text: str) -> str:
    span = {"start": start._asdict(), "end": end._asdict()}
    change = {"range": span, "rangeLength": length, "text": text}
    return json.dumps(change, separators=(",", ":"))
