"""A server that is killed at any moment: it starts again, and what it has kept is true."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

from tests.lsp.editor import running
from tests.lsp.resolved import exact, put
from tests.lsp.stored import database_of, stats, wrong_counts

KILLS = int(os.environ.get("PROMPTLS_KILLS", "10"))
FILES = 300


def test_killed_at_any_moment(tmp_path: Path) -> None:
    moments = random.Random(KILLS)
    texts: dict[str, str] = {}
    prompt = "".join(f"@file:../files/{number}.md\n" for number in range(FILES))
    for kill in range(KILLS):
        with running(tmp_path) as editor:
            for number in range(FILES):
                if kill == 0 or moments.random() < 0.3:
                    words = " ".join(str(moments.random()) for _ in range(moments.randint(1, 60)))
                    texts[f"files/{number}.md"] = (
                        f"# {number} 漢字\n{words} don't @file:none?optional"
                    )
                    put(editor, f"files/{number}.md", texts[f"files/{number}.md"])
                    texts[f"{kill} {number}"] = texts[f"files/{number}.md"]
            editor.initialize()
            uri = editor.open(editor.uri("prompts/p.md"), prompt)
            if moments.random() < 0.5:
                editor.report_now(uri)
            time.sleep(moments.uniform(0, 0.8))
            editor.wire.process.send_signal(signal.SIGKILL)
            editor.wire.process.wait()
        if database_of(tmp_path).exists():
            _, wrong = wrong_counts(database_of(tmp_path), [*texts.values(), prompt])
            assert wrong == []
    with running(tmp_path) as editor:
        editor.initialize()
        uri = editor.open(editor.uri("prompts/p.md"), prompt)
        wanted = "".join(texts[f"files/{number}.md"] + "\n" for number in range(FILES))
        assert exact(editor, uri) == wanted
        assert editor.wire.shutdown() == 0
        assert " ERROR " not in editor.wire.stderr
    assert stats(tmp_path)["problems"] == []
    count, wrong = wrong_counts(database_of(tmp_path), [*texts.values(), prompt])
    assert wrong == []
    assert count >= FILES
