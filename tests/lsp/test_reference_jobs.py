"""`promptls/jobs` and the commands."""

from __future__ import annotations

from tests.lsp.editor import Editor, Json

TEXT = "see @file:a.md\n"


def execute(editor: Editor, command: str) -> object:
    return editor.wire.result("workspace/executeCommand", {"command": command, "arguments": []})


def test_jobs_tell_of_what_was_resolved(editor: Editor) -> None:
    editor.write("prompts/a.md", "alpha")
    uri = editor.open(editor.uri("prompts/doc.md"), TEXT)
    editor.report(uri)
    told: Json = editor.wire.result("promptls/jobs")
    assert set(told["counts"]) == {
        "queued",
        "running",
        "retrying",
        "done",
        "failed",
        "cancelled",
    }
    assert told["counts"]["done"] >= 1
    job = next(job for job in told["jobs"] if job["label"] == "reference")
    assert (job["status"], job["lane"], job["priority"]) == ("done", "compute", "open")
    assert job["finishedAt"] >= job["startedAt"] >= job["queuedAt"]
    assert (job["tries"], job["error"], job["nextTry"]) == (1, None, None)


def test_showing_jobs(editor: Editor) -> None:
    editor.write("prompts/a.md", "alpha")
    editor.report(editor.open(editor.uri("prompts/doc.md"), TEXT))
    told = execute(editor, "promptls.showJobs")
    assert isinstance(told, dict)
    assert told["counts"]["done"] >= 1
    message = editor.wire.expect("window/showMessage")["params"]
    assert "done" in message["message"]


def test_refreshing_finds_what_nobody_told_of(editor: Editor) -> None:
    editor.write("prompts/a.md", "alpha")
    uri = editor.open(editor.uri("prompts/doc.md"), "see @file:fresh.md\n")
    assert editor.report(uri)["references"][0]["status"] == "failed"
    (editor.root / "prompts/fresh.md").write_text("fresh")
    assert execute(editor, "promptls.refreshReferences") is None
    editor.wait(
        lambda: editor.report(uri)["references"][0]["status"], lambda found: found == "resolved"
    )


def test_an_unknown_command_is_refused(editor: Editor) -> None:
    params = {"command": "promptls.none", "arguments": []}
    assert "error" in editor.wire.request("workspace/executeCommand", params)
