"""Every reference in the corpus, against a list that was read through by hand.

To see what a change of the grammar does: run this file as a script, and look at the difference.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from promptls.prompts.dialects import at_place, detect, is_prompt_path
from promptls.prompts.references import Reference, ReferenceGrammar

CORPUS = Path(__file__).parents[3].parent / "shared" / "corpus"
LISTED = Path(__file__).with_name("corpus_references.txt")
# These are written to be installed as Claude Code's; their folders here do not say so.
CONFIGURED = {"get-shit-done": "claude"}

FENCE = re.compile(r"[ \t]*(`{3,}|~{3,})(.*)")


def documents() -> list[Path]:
    return sorted(path for path in CORPUS.rglob("*") if path.is_file() and is_prompt_path(path))


def active_lines(text: str, *, header: bool) -> Iterator[tuple[int, str]]:
    """The lines outside of fences, comments and front matter, counted from 1."""
    lines = text.split("\n")
    start = next((at for at, line in enumerate(lines) if not is_header(line)), 0) if header else 0
    body = 0
    if lines[start].rstrip() == "---":
        rest = (at for at in range(start + 1, len(lines)) if lines[at].rstrip() == "---")
        body = next(rest, -1) + 1
    fence, in_comment = "", False
    for number, line in enumerate(lines[body:], body + 1):
        found = FENCE.match(line)
        if in_comment:
            in_comment = "-->" not in line
        elif fence:
            closes = found and found[1].startswith(fence) and not found[2].strip()
            fence = "" if closes else fence
        elif found and not (found[1][0] == "`" and "`" in found[2]):
            fence = found[1]
        elif re.match(" {0,3}<!--", line):
            in_comment = "-->" not in line
        else:
            yield number, line


def is_header(line: str) -> bool:
    return not line.strip() or line.startswith("#")


def described(reference: Reference) -> str:
    marks = [reference.kind, reference.form]
    marks += [
        word
        for word, holds in (
            ("certain", reference.certain),
            ("attached", reference.placement == "attached"),
            ("deferred", reference.deferred),
            (f"loaded by {reference.loaded_by}", reference.loaded_by),
            (f"broken by {reference.trailing}", reference.trailing),
            (f"problem {reference.problem and reference.problem[0]}", reference.problem),
        )
        if holds
    ]
    return f"{reference.text}  [{', '.join(marks)}]"


def found() -> list[str]:
    rows = []
    for path in documents():
        name = path.relative_to(CORPUS).as_posix()
        configured = CONFIGURED.get(name.partition("/")[0])
        dialect = at_place(detect(path, None, configured, root=CORPUS), path, CORPUS)
        grammar = ReferenceGrammar(dialect)
        for number, line in active_lines(path.read_text("utf-8"), header=dialect.header_comments):
            rows += [f"{name}:{number}: {described(reference)}" for reference in grammar.find(line)]
    return rows


@pytest.mark.skipif(not CORPUS.is_dir(), reason="no ../shared/corpus here")
def test_every_reference_of_the_corpus_is_listed() -> None:
    assert found() == LISTED.read_text("utf-8").splitlines()


if __name__ == "__main__":
    LISTED.write_text("".join(f"{row}\n" for row in found()), "utf-8")
