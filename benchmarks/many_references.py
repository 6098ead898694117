"""A key in a document of 1 MB with 2,000 references, against one in 1 MB of plain text."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.bench import Bench
from benchmarks.documents import KB, MB
from benchmarks.measure import Typist, interleave
from benchmarks.referenced_files import (
    prose_with_references,
    reference,
    wait_until_settled,
    write_files,
)
from benchmarks.session import Session, open_frame
from benchmarks.table import Goal, Row
from benchmarks.typing_plan import Place, in_place

_REFERENCES = 2_000
_KEYS = 100


def rows(bench: Bench) -> Iterator[Row]:
    """Type at several places, each document in a process of its own."""
    workspace = bench.folder / "many-references"
    names = write_files(workspace, _REFERENCES, _REFERENCES * KB)
    wait_until_settled()
    with bench.ours(workspace=workspace) as many, bench.ours(workspace=workspace) as plain:
        text = prose_with_references(MB, [reference(name) for name in names])
        uri = _open_resolved(many, text)
        plain_text = prose_with_references(MB, [])
        plain_uri = plain.open("plain.md", plain_text)
        plain_lines = plain_text.split("\n")
        at_plain = Typist(
            plain, plain_uri, in_place(_middle_of(plain_lines, len(plain_lines) // 2))
        )
        for what, place, typed in _places(text.split("\n")):
            at_many = Typist(many, uri, in_place(place, typed))
            mine, theirs = interleave(
                lambda typist=at_many: typist.type(_KEYS),  # type: ignore[misc]
                lambda: at_plain.type(_KEYS),
                bench.rounds(20),
            )
            yield Row(
                what,
                mine.median,
                theirs.median,
                "1 MB of plain text",
                Goal("ratio", 1.5),
                mine.p99,
                theirs.p99,
            )


def _open_resolved(session: Session, text: str) -> str:
    """Open the document and wait until all of its references are resolved; its URI."""
    uri = session.uri("many.md")
    session.client.write(open_frame(uri, text))
    report = session.wait_until_resolved(uri).report
    resolved = sum(each["status"] == "resolved" for each in report["references"])
    if resolved != _REFERENCES:
        raise ValueError(f"{resolved} of {_REFERENCES} references are resolved")
    return uri


def _places(lines: list[str]) -> Iterator[tuple[str, Place, str]]:
    """What is said of a place half down the document, the place, and what is typed there."""
    gap = 5
    at = next(
        number
        for number in range(len(lines) // 2, len(lines))
        if lines[number].startswith("@")
        and not any(line.startswith("@") for line in lines[number + 1 : number + gap])
    )
    yield "keystroke, 1 MB with 2,000 references", _middle_of(lines, at + gap // 2), "x"
    yield "  on the line below a reference", _middle_of(lines, at + 1), "x"
    yield "  before a reference, on its line", Place(at, 0), " "
    yield "  inside a reference", Place(at, len("@file:/f")), "x"


def _middle_of(lines: list[str], number: int) -> Place:
    return Place(number, len(lines[number]) // 2)
