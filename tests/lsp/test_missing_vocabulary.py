"""An encoding whose vocabulary is not at hand: a clear message, and everything else goes on."""

from __future__ import annotations

from pathlib import Path

from tests.lsp.conftest import Start
from tests.lsp.editor import Editor, edit, whole

import promptls

NO_NETWORK = {"HTTPS_PROXY": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
TEXT = "# A\n<!-- promptls: encoding=p50k_base -->\n"


def assert_not_counted(editor: Editor, uri: str) -> str:
    (item,) = editor.codes(uri, {"tokens/not-counted"})
    report = editor.report_now(uri)
    assert (report["encoding"], report["tokens"]) == ("p50k_base", None)
    assert [finding["code"] for finding in report["findings"]] == ["tokens/not-counted"]
    assert {section["tokens"] for section in report["sections"]} == {None}
    (hint,) = editor.hints(uri)
    assert hint["label"] == "not counted"
    assert hint["tooltip"] == item["message"]
    message: str = item["message"]
    return message


def test_untrusted(start: Start) -> None:
    with start() as editor:
        editor.initialize()
        uri = editor.open(editor.uri("prompts/a.md"), TEXT)
        message = assert_not_counted(editor, uri)
        assert "p50k_base" in message
        assert "trust" in message
        shown = editor.seen("window/showMessage")
        assert [item["params"]["message"] for item in shown] == [f"promptls: {message}"]
        editor.change(uri, edit((0, 3), (0, 3), "b"), edit((0, 4), (0, 4), "c"))
        assert editor.labels(uri) == ["not counted"]
        # Another document is counted, and this one is as soon as it can be.
        other = editor.open(editor.uri("prompts/b.md"), "# A\n")
        assert editor.report(other)["tokens"] == 3
        editor.change(uri, whole("# A\n"))
        assert editor.report(uri)["tokens"] == 3
        assert editor.labels(uri) == ["3 tok"]
        assert editor.codes(uri, set()) == []
        # It was counted before, and is not any more.
        editor.change(uri, whole(TEXT))
        assert_not_counted(editor, uri)
        assert editor.seen("window/showMessage") == []


def test_trust_that_is_granted_allows_the_download(start: Start) -> None:
    with start(**NO_NETWORK) as editor:
        editor.initialize()
        uri = editor.open(editor.uri("prompts/a.md"), TEXT)
        untrusted = assert_not_counted(editor, uri)
        editor.wire.notify("promptls/trustGranted")
        trusted = editor.wait(
            lambda: editor.report_now(uri)["findings"][0]["message"],
            lambda message: bool(message != untrusted),
        )
        assert "download" in trusted


def test_a_quiet_document_has_no_diagnostics(start: Start) -> None:
    with start() as editor:
        (editor.root / "promptls.toml").write_text('encoding = "p50k_base"\n')
        editor.initialize()
        uri = editor.open(editor.uri("README.md"), "# A\n")
        assert editor.report_now(uri)["findings"][0]["code"] == "tokens/not-counted"
        assert editor.seen("textDocument/publishDiagnostics") == []


def test_a_broken_vocabulary_is_told(start: Start, tmp_path: Path) -> None:
    folder = tmp_path / "vocabularies"
    folder.mkdir()
    packaged = Path(promptls.__file__).parent / "tokens" / "vocabularies" / "cl100k_base.tiktoken"
    (folder / "p50k_base.tiktoken").write_bytes(packaged.read_bytes())
    with start() as editor:
        editor.initialize(options={"machine": {"vocabularyFolder": str(folder)}})
        uri = editor.open(editor.uri("prompts/a.md"), TEXT)
        assert "p50k_base" in assert_not_counted(editor, uri)
