"""A package brings another kind of reference; it is loaded only when the user names it."""

from __future__ import annotations

from pathlib import Path

from tests.lsp.conftest import Start

PLUGIN = """
from promptls.references.files.measuring import hash_text
from promptls.references.model import Content, Found
from promptls.tokens.measure import measure


class Shout:
    kind = "shout"
    slow = False

    def resolve(self, request):
        text = request.target.upper()
        part = measure(text, request.reading.engine)
        content = Content("shout:" + text, text, hash_text([text])[0], (part,), len(text))
        return Found((content,))

    def text(self, content, request):
        return request.target.upper()

    def invalidate(self, keys):
        pass
"""


def _install(folder: Path) -> str:
    package = folder / "packages"
    about = package / "shout-1.0.dist-info"
    about.mkdir(parents=True)
    (package / "shout.py").write_text(PLUGIN)
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: shout\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text("[promptls.references]\nshout = shout:Shout\n")
    return str(package)


def test_a_plugin_that_is_named_resolves_its_kind(start: Start, tmp_path: Path) -> None:
    with start(PYTHONPATH=_install(tmp_path)) as editor:
        editor.initialize(options={"machine": {"plugins": ["shout"]}})
        uri = editor.open(editor.uri("a.prompt.md"), "Say @shout:hello-there now\n")
        (reference,) = editor.report(uri)["references"]
        assert (reference["kind"], reference["status"]) == ("shout", "resolved")
        assert editor.render(uri)["text"] == "Say HELLO-THERE now\n"


def test_a_plugin_that_is_not_named_is_not_loaded(start: Start, tmp_path: Path) -> None:
    with start(PYTHONPATH=_install(tmp_path)) as editor:
        editor.initialize()
        uri = editor.open(editor.uri("a.prompt.md"), "Say @shout:hello-there now\n")
        assert editor.report(uri)["references"] == []
