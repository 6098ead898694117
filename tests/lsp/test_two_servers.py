"""Two servers on one database: what one has counted, the other does not count again."""

from __future__ import annotations

from pathlib import Path

from tests.lsp.editor import Editor, Json, running
from tests.lsp.resolved import CHANGED, exact, put, rendered_soon, tell
from tests.lsp.stored import database_of, stats, wrong_counts
from tests.oracles.postgresql import postgresql_url
from tests.oracles.web_server import web_server

__all__ = ["postgresql_url"]

FILES = 60
PROMPT = "".join(f"@file:../files/{number}.md\n" for number in range(FILES))
TEXTS = [f"# {number}\nThe content of file {number}." for number in range(FILES)]
SENT = "".join(f"{text}\n" for text in TEXTS)


def kept(editor: Editor, home: Path, url: str | None, rows: int) -> Json:
    """The statistics, once that many counts are kept."""
    return editor.wait(
        lambda: stats(home, url), lambda said: said["rows"]["promptls_token_count"] >= rows
    )


def check(home: Path, url: str | None, machine: Json) -> None:
    options = {"trusted": True, "machine": machine}
    with running(home) as one, running(home) as other:
        for number, text in enumerate(TEXTS):
            put(one, f"files/{number}.md", text + "\n")
        for editor in (one, other):
            editor.initialize(options=options)
        uri = one.open(one.uri("prompts/p.md"), PROMPT)
        assert exact(one, uri) == SENT
        before = kept(one, home, url, FILES)
        other.open(uri, PROMPT)
        assert exact(other, uri) == SENT
        # Both write, at the same time.
        for number in range(FILES // 2):
            put(one, f"files/{number}.md", f"changed {number}\n")
        changed = "".join(f"changed {number}\n" for number in range(FILES // 2))
        changed += "".join(f"{text}\n" for text in TEXTS[FILES // 2 :])
        for editor in (one, other):
            tell(editor, *((f"files/{number}.md", CHANGED) for number in range(FILES // 2)))
        for editor in (one, other):
            rendered_soon(editor, uri, changed)
        kept(one, home, url, FILES + FILES // 2)
        for editor in (one, other):
            assert editor.wire.shutdown() == 0
            assert " ERROR " not in editor.wire.stderr
    after = stats(home, url)
    assert after["databaseHits"] - before["databaseHits"] >= FILES
    assert after["problems"] == []


def test_sqlite(tmp_path: Path) -> None:
    check(tmp_path, None, {})
    texts = [*TEXTS, *(f"changed {number}" for number in range(FILES // 2)), PROMPT]
    count, wrong = wrong_counts(database_of(tmp_path), texts)
    assert wrong == []
    assert count >= FILES


def test_postgresql(tmp_path: Path, postgresql_url: str) -> None:
    check(tmp_path, postgresql_url, {"database": {"url": postgresql_url}})


def test_one_request_for_both(tmp_path: Path) -> None:
    with web_server() as web, running(tmp_path) as one, running(tmp_path) as other:
        url = web.answer("/x", "answer")
        options = {"trusted": True, "machine": {"allowedHosts": [web.address]}}
        put(one, "promptls.toml", '[[ttl]]\nurl = "*"\nseconds = 600\n')
        for editor in (one, other):
            editor.initialize(options=options)
            uri = editor.open(editor.uri("prompts/p.md"), f"@api:{url}\n")
            assert exact(editor, uri) == "answer\n"
            editor.wait(
                lambda: stats(tmp_path), lambda said: said["rows"]["promptls_fetched_content"]
            )
        assert len(web.requests) == 1
