"""Which files a target means, and which it may have meant."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from tests.references.files.requests import code, content, handler, names, request

from promptls.prompts.dialects import DIALECTS
from promptls.references.files import listing
from promptls.references.files.lookup import Ground, paths_of
from promptls.references.files.uris import file_key, from_uri, to_uri
from promptls.references.model import Blocked, Failed, NotFound, Site


def ground(dialect: str, aliases: dict[str, str] | None = None) -> Ground:
    site = Site(Path("/w/sub/a.md"), Path("/w"), DIALECTS[dialect], aliases=aliases or {})
    return replace(Ground.of(site, "/w"), user="/home/me")


@pytest.mark.parametrize(
    ("dialect", "form", "target", "paths"),
    [
        ("markdown", "native", "./x.md", ["/w/sub/x.md"]),
        ("markdown", "native", "../x.md", ["/w/x.md"]),
        ("markdown", "native", "..", ["/w"]),
        ("markdown", "native", "x.md", ["/w/sub/x.md", "/w/x.md"]),
        ("markdown", "native", "y/../x.md", ["/w/sub/x.md", "/w/x.md"]),
        ("markdown", "native", "/x.md", ["/w/x.md"]),
        ("markdown", "native", "~/x.md", ["/home/me/x.md"]),
        ("markdown", "native", "~x.md", ["/w/sub/~x.md", "/w/~x.md"]),
        ("markdown", "native", "file:///w/a%20b.md", ["/w/a b.md"]),
        ("markdown", "native", "file://host/w/a.md", []),
        ("claude", "native", "x.md", ["/w/sub/x.md", "/w/x.md"]),
        ("claude", "at-path", "x.md", ["/w/sub/x.md"]),
        ("claude", "at-path", "/x.md", ["/x.md"]),
        ("claude", "at-path", "~/x.md", ["/home/me/x.md"]),
        ("gemini", "at-path", "./x.md", ["/w/sub/x.md"]),
        ("cursor", "at-path", "x.md", ["/w/x.md"]),
        ("cursor", "at-path", "./x.md", ["/w/x.md"]),
        ("cursor", "at-path", "style", ["/w/style", "/w/.cursor/rules/style.mdc"]),
        ("continue", "at-path", "src/x.py", ["/w/src/x.py"]),
        ("copilot", "hash-file", "x.md", ["/w/sub/x.md"]),
        ("copilot", "markdown-link", "/x.md", ["/w/x.md"]),
        ("prompty", "template", "x.json", ["/w/sub/x.json"]),
        ("dotprompt", "partial", "name", ["/w/sub/_name.prompt"]),
        ("dotprompt", "partial", "folder/name", ["/w/sub/folder/_name.prompt"]),
        ("markdown", "native", "", []),
        ("markdown", "native", "a\0b", []),
    ],
)
def test_paths(dialect: str, form: str, target: str, paths: list[str]) -> None:
    assert list(paths_of(target, ground(dialect), form)) == paths


@pytest.mark.parametrize(
    ("target", "paths"),
    [
        ("~/.claude/gsd/x.md", ["/w/gsd/x.md"]),
        ("~/.claude/gsd", ["/w/gsd"]),
        ("~/.claude/gsd-other/x.md", ["/home/me/.claude/gsd-other/x.md"]),
        ("~/.claude/gsd/deep/x.md", ["/w/deeper/x.md"]),
        ("lib/x.md", ["/other/x.md"]),
    ],
)
def test_aliases(target: str, paths: list[str]) -> None:
    aliases = {
        "~/.claude/gsd": "gsd",
        "~/.claude/gsd/deep/": "deeper",
        "lib": "../other",
    }
    assert list(paths_of(target, ground("claude", aliases), "at-path")) == paths


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name in (
        *("a.md", "b.txt", "c.py", "docs/one.md", "docs/two.md", "docs/deep/three.md"),
        *("docs/deep/code.py", "docs/ignored.md", "build/x.md", "app/[id]/page.md", ".git/x.md"),
        *("docs/.env", "docs/picture.png", "guide.md", "docs/setup-guide.md"),
    ):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"text of {name}")
    (tmp_path / "docs/picture.png").write_bytes(b"\x89PNG\0")
    (tmp_path / ".gitignore").write_text("/build/\nignored.md\n")
    (tmp_path / "docs/out.md").symlink_to("/etc/hosts")
    (tmp_path / "docs/up").symlink_to(tmp_path)
    return tmp_path


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("*.md", ["a.md", "guide.md"]),
        ("docs/*.md", ["docs/one.md", "docs/setup-guide.md", "docs/two.md"]),
        ("docs/**/t*.md", ["docs/deep/three.md", "docs/two.md"]),
        ("**/three.md", ["docs/deep/three.md"]),
        ("/docs/[ot]*.md", ["docs/one.md", "docs/two.md"]),
        ("./docs/deep/*", ["docs/deep/code.py", "docs/deep/three.md"]),
        ("docs/deep/**", ["docs/deep/code.py", "docs/deep/three.md"]),
        ("?.md", ["a.md"]),
        ("app/[id]/page.md", ["app/[id]/page.md"]),
        ("docs/deep", ["docs/deep/three.md"]),
        ("docs/deep/", ["docs/deep/three.md"]),
        ("docs/../docs/deep", ["docs/deep/three.md"]),
        (
            ".",
            [
                *("a.md", "app/[id]/page.md", "b.txt", "docs/deep/three.md", "docs/one.md"),
                *("docs/setup-guide.md", "docs/two.md", "guide.md"),
            ],
        ),
    ],
)
def test_globs_and_folders(folder: Path, target: str, expected: list[str]) -> None:
    assert names(handler(folder).resolve(request(target, folder))) == expected


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        ("docs/*.rst", "reference/not-found"),
        ("../*.md", "reference/blocked"),
        ("nowhere/*.md", "reference/not-found"),
        ("docs/*/../x", "reference/not-found"),
        ("app/[id]/[", "reference/not-found"),
        (".git/*", "reference/blocked"),
        ("docs/*.png", "reference/binary"),
        ("a.md/*", "reference/not-found"),
    ],
)
def test_globs_that_bring_in_nothing(folder: Path, target: str, expected: str) -> None:
    assert code(handler(folder).resolve(request(target, folder))) == expected


def test_the_file_itself_is_not_among_what_its_glob_names(folder: Path) -> None:
    asked = request("*.md", folder, path=folder / "a.md")
    assert names(handler(folder).resolve(asked)) == ["guide.md"]


def test_a_file_that_cannot_be_brought_in_does_not_keep_the_others_out(folder: Path) -> None:
    (folder / "docs" / "deep" / "bad.md").write_bytes(b"a\0b")
    outcome = handler(folder).resolve(request("docs/deep", folder))
    assert names(outcome) == ["docs/deep/three.md"]
    assert not isinstance(outcome, NotFound | Failed | Blocked)
    notices = [notice for one in getattr(outcome, "contents", ()) for notice in one.notices]
    assert [notice.code for notice in notices] == ["reference/binary"]
    assert "docs/deep/bad.md" in notices[0].message


def test_too_many_files(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    files = handler(folder, max_files=2)
    assert code(files.resolve(request("docs", folder))) == "reference/too-many-files"
    assert len(names(files.resolve(request("*.md", folder)))) == 2
    monkeypatch.setattr(listing, "ENTRIES_MAX", 5)
    outcome = handler(folder).resolve(request("docs/**/nothing", folder))
    assert code(outcome) == "reference/too-many-files"


@pytest.mark.parametrize("form", ["at-path", "hash-file"])
def test_only_our_own_form_names_folders(folder: Path, form: str) -> None:
    for target in ("docs", "docs/*.md"):
        outcome = handler(folder).resolve(request(target, folder, dialect="claude", form=form))
        assert code(outcome) == "reference/not-found"


@pytest.mark.parametrize(
    ("target", "dialect", "form", "replacements"),
    [
        ("giude.md", "markdown", "native", ("guide.md",)),
        ("docs/on.md", "markdown", "native", ("docs/one.md",)),
        ("./docs/On.md", "markdown", "native", ("./docs/one.md",)),
        ("/docs/tow.md", "markdown", "native", ("/docs/two.md",)),
        ("zzzzzz.md", "markdown", "native", ()),
        ("nowhere/guide.md", "markdown", "native", ()),
        ("docs/one.md", "claude", "at-path", ("one.md",)),
        ("thre", "dotprompt", "partial", ("three",)),
    ],
)
def test_nearest_names(
    folder: Path, target: str, dialect: str, form: str, replacements: tuple[str, ...]
) -> None:
    path = None
    if form == "at-path":
        path = folder / "docs" / "CLAUDE.md"
    (folder / "_three.prompt").write_text("x")
    asked = request(target, folder, path=path, dialect=dialect, form=form)
    outcome = handler(folder).resolve(asked)
    assert isinstance(outcome, NotFound)
    assert outcome.notice.replacements == replacements
    for written in replacements:
        assert content(handler(folder).resolve(replace(asked, target=written)))
    # Nobody asks what a candidate meant.
    candidate = handler(folder).resolve(replace(asked, certain=False))
    assert isinstance(candidate, NotFound)
    assert candidate.notice.replacements == ()


@pytest.mark.parametrize(
    ("path", "uri"),
    [("/w/a.md", "file:///w/a.md"), ("/w/a b%é.md", "file:///w/a%20b%25%C3%A9.md")],
)
def test_uris(path: str, uri: str) -> None:
    assert to_uri(path) == uri
    assert from_uri(uri) == path


@pytest.mark.parametrize(
    "uri", ["untitled:1", "file://host/x", "file:", "https://x/y", "file:///a%00"]
)
def test_uris_of_no_file_here(uri: str) -> None:
    assert from_uri(uri) is None


def test_file_key() -> None:
    assert file_key("/w/a.md") == "/w/a.md"
    assert len({file_key("/w/a.md", lines) for lines in (None, (1, None), (1, 2), (12, None))}) == 4
