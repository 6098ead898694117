"""References that are hostile, odd or many: each is answered, and the figures stay exact."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.lsp.editor import Editor, running
from tests.lsp.resolved import codes, exact, put, statuses

FILES: dict[str, bytes] = {
    "a.md": b"A\n",
    ".env": b"SECRET=sesame-open-4711",
    ".git/config": b"sesame-open-4711",
    "latin.txt": "café".encode("latin-1"),
    "utf16.txt": "héllo".encode("utf-16"),
    "bom.txt": b"\xef\xbb\xbfhello\r\n",
    "binary.txt": bytes(range(256)),
    "new\nline.md": b"here",
    "large.txt": b"x " * 600_000,
    "folder/one.md": b"1\n",
    "folder/two.md": b"2\n",
    "folder/.env": b"sesame-open-4711",
}
LINKS = {
    "loop.md": "loop.md",
    "out.md": "/etc/passwd",
    "out": "/etc",
    "innocent.txt": ".env",
    "round/again": "..",
    "nowhere.md": "missing.md",
}


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Editor]:
    with running(tmp_path_factory.mktemp("access")) as editor:
        for name, data in FILES.items():
            put(editor, name, data)
        for name, target in LINKS.items():
            (editor.root / name).parent.mkdir(exist_ok=True)
            (editor.root / name).symlink_to(target)
        os.mkfifo(editor.root / "pipe.md")
        editor.settings[""] = {"limits": {"fileBytes": 1_000_000}}
        editor.initialize(options={"trusted": True})
        yield editor
        assert editor.wire.shutdown() == 0
        assert " ERROR " not in editor.wire.stderr
        assert "sesame-open-4711" not in editor.wire.stderr


BLOCKED = "reference/blocked"
NOT_FOUND = "reference/not-found"
UNREADABLE = "reference/unreadable"


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("../../etc/passwd", BLOCKED),
        ("../../../../../../../../etc/passwd", BLOCKED),
        ("/etc/passwd", NOT_FOUND),
        ("//etc/passwd", NOT_FOUND),
        ("/dev/zero", NOT_FOUND),
        ("/proc/self/environ", NOT_FOUND),
        ("../../../../../../../../dev/zero", BLOCKED),
        ("../../../../../../../../proc/self/environ", BLOCKED),
        ("~", BLOCKED),
        ("~/x.md", BLOCKED),
        ("~root/x.md", NOT_FOUND),
        ("file:///etc/passwd", BLOCKED),
        ("file://localhost/etc/passwd", BLOCKED),
        ("../out.md", BLOCKED),
        ("../out/passwd", BLOCKED),
        ("../out/*", BLOCKED),
        ("../out/none.md", NOT_FOUND),
        ("../innocent.txt", BLOCKED),
        ("../.env", BLOCKED),
        ("../.git/config", BLOCKED),
        ("../.git/*", BLOCKED),
        ("../.git", BLOCKED),
        ("../round/again/.git/config", BLOCKED),
        ("../..", BLOCKED),
        ("../../**/*", BLOCKED),
        ("../loop.md", UNREADABLE),
        ("../pipe.md", UNREADABLE),
        ("../nowhere.md", NOT_FOUND),
        ("../binary.txt", "reference/binary"),
        ("../large.txt", "reference/too-large"),
        ("../a.md/x", NOT_FOUND),
        (".", NOT_FOUND),
        ("[", NOT_FOUND),
        ("x" * 3000, NOT_FOUND),
        ("a/" * 2000, NOT_FOUND),
        ("../a.md\x00", NOT_FOUND),
        ("\ud83d.md", NOT_FOUND),
        ("../new%0Aline.md", NOT_FOUND),
    ],
)
def test_what_is_not_brought_in(server: Editor, target: str, expected: str) -> None:
    text = f'x @file:"{target}" y\n'
    uri = server.open(server.uri("prompts/p.md"), text)
    assert exact(server, uri) == text
    report = server.report(uri)
    [reference] = report["references"]
    assert reference["code"] == expected
    assert reference["status"] == ("blocked" if expected == BLOCKED else "failed")
    assert (reference["tokens"], reference["hash"], reference["resolvedUri"]) == (None,) * 3
    assert codes(report) == [expected]
    assert report["findings"][0]["message"]
    label = {BLOCKED: "blocked", NOT_FOUND: "not found"}.get(expected, "failed")
    assert server.labels(uri)[-1] == label
    server.close(uri)


@pytest.mark.parametrize(
    ("target", "text", "expected"),
    [
        ("../a.md", "A", []),
        ("/a.md", "A", []),
        ("../round/again/round/again/a.md", "A", []),
        ("../latin.txt", "caf�", ["reference/not-utf8"]),
        ("../utf16.txt", "héllo", []),
        ("../bom.txt", "hello", []),
        ("../folder", "1\n2", []),
        ("../folder/**", "1\n2", []),
        ("../folder/{one,two}.md", None, None),
    ],
)
def test_what_is_brought_in(
    server: Editor, target: str, text: str | None, expected: list[str] | None
) -> None:
    uri = server.open(server.uri("prompts/p.md"), f'x @file:"{target}" y\n')
    rendered = exact(server, uri)
    if text is not None:
        assert rendered == f"x {text} y\n"
        assert codes(server.report(uri)) == expected
    server.close(uri)


@pytest.mark.parametrize(
    "text",
    [
        "@" * 16_000,
        "@file:" * 2_700,
        "@file:" + "a" * 100_000,
        "@file:../a.md " * 3_000,
        '@file:"../a.md"' * 1_000,
        "@file:" + "(" * 8_000,
        '@file:"' * 2_000,
        "@file:../a.md\\" * 1_000,
        "@var:x " * 2_000,
        "@file:a\x00b @var:a\x00 @api:http://\x00/",
        "@file:\ud800 @var:\ud800 @api:http://\ud800/ @api:\ud800",
        "@file:" + "**/" * 2_000 + "x",
        "@file:" + "*a" * 200 + "b",
        "@file:../a.md\r@file:../a.md\u2028@file:../a.md\x0c@file:../a.md\n",
        "@api:https:// @api:http://[ @api:http://[::1 @api:x:y@z @api:http://a:b@c/",
    ],
    ids=lambda text: repr(text[:20]),
)
def test_lines_that_no_one_writes(server: Editor, text: str) -> None:
    uri = server.open(server.uri("prompts/odd.md"), text)
    exact(server, uri)
    server.hints(uri)
    server.close(uri)


def test_many_references(server: Editor) -> None:
    names = [f"many/{number}.md" for number in range(500)]
    for name in names:
        put(server, name, f"the content of {name}\n")
    lines = [f"@file:../{names[number % 500]}" for number in range(10_000)]
    uri = server.open(server.uri("prompts/p.md"), "\n".join(lines) + "\n")
    wanted = "".join(f"the content of {names[number % 500]}\n" for number in range(10_000))
    assert exact(server, uri) == wanted
    assert len(server.report(uri)["references"]) == 10_000
    assert len(server.hints(uri, 5_000, 5_010)) == 11
    server.close(uri)


@pytest.mark.parametrize("length", [1, 2, 50])
def test_rings(server: Editor, length: int) -> None:
    folder = f"ring{length}"
    for number in range(length):
        put(server, f"{folder}/{number}.md", f"{number} @file:{(number + 1) % length}.md\n")
    uri = server.open(server.uri("prompts/p.md"), f"@file:../{folder}/0.md\n")
    last = f"{length - 1} @file:0.md\n"
    assert exact(server, uri) == "".join(f"{n} " for n in range(length - 1)) + last
    [finding] = server.report(uri)["findings"]
    assert finding["code"] == "reference/cycle"
    assert len(finding["related"]) == length
    inner = server.open(server.uri(f"{folder}/0.md"), f"0 @file:{1 % length}.md\n")
    assert codes(server.report(inner)) == ["reference/cycle"]
    server.close(inner)
    put(server, f"{folder}/{length - 1}.md", "mended\n")
    server.touched(server.root / f"{folder}/{length - 1}.md")
    server.wait(lambda: codes(server.report(uri)), lambda found: not found)
    server.close(uri)


def test_a_bomb(server: Editor) -> None:
    for number in range(30):
        one = f"@file:{number + 1}.md"
        put(server, f"bomb/{number}.md", f"{one}\n{one}\n")
    put(server, "bomb/30.md", "boom\n")
    text = "@file:../bomb/0.md and @file:../bomb/25.md\n"
    uri = server.open(server.uri("prompts/p.md"), text)
    sent = exact(server, uri)
    assert sent == "@file:../bomb/0.md and " + "\n".join(["boom"] * 32) + "\n"
    assert statuses(server, uri) == [
        ("failed", "reference/expansion-too-large"),
        ("resolved", None),
    ]
    server.close(uri)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_folder_without_permission(server: Editor) -> None:
    folder = server.root / "locked"
    put(server, "locked/a.md", "x")
    folder.chmod(0)
    try:
        uri = server.open(server.uri("prompts/p.md"), "@file:../locked/a.md\n")
        assert statuses(server, uri) == [("failed", UNREADABLE)]
    finally:
        folder.chmod(0o700)


def test_the_same_content_twice(server: Editor) -> None:
    uri = server.open(server.uri("prompts/p.md"), "@file:../a.md\n@file:../a.md\n")
    report = server.report(uri)
    [finding] = report["findings"]
    assert finding["code"] == "reference/duplicate-content"
    assert finding["related"][0]["range"]["start"]["line"] == 0
    server.close(uri)


def test_a_budget(server: Editor) -> None:
    uri = server.open(server.uri("prompts/p.md"), "@file:../folder/one.md?max=1\n")
    assert codes(server.report(uri)) == ["budget/reference-exceeded"]
    assert server.labels(uri)[-1].endswith("100 % of 1")
    server.close(uri)


def test_untitled_documents(server: Editor) -> None:
    text = "@file:x.md @file:a.md\n"
    uri = server.open("untitled:Untitled-1", text)
    exact(server, uri)
    server.close(uri)


def test_a_document_outside_of_the_workspace(server: Editor, tmp_path: Path) -> None:
    (tmp_path / "b.md").write_text("b")
    (tmp_path.parent / "c.md").write_text("c")
    text = "@file:b.md @file:../c.md\n"
    uri = server.open((tmp_path / "prompt.md").as_uri(), text)
    assert exact(server, uri) == "b @file:../c.md\n"
    assert [status for status, _ in statuses(server, uri)] == ["resolved", "blocked"]
    server.close(uri)
