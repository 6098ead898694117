"""How references are written once files were renamed, by dialect and by form."""

from __future__ import annotations

from pathlib import Path

import pytest

from promptls.cache import Cache
from promptls.references.assembly import make_resolver
from promptls.references.policy import AccessPolicy
from promptls.settings import SettingsStore
from promptls.tokens.service import TokenCountingService
from promptls.workspace.examining import Examiner, Subject
from promptls.workspace.renaming import Moves, Rewriter

NAMES = (
    "CLAUDE.md",
    "docs/a.md",
    "docs/b.py",
    "docs/with (brackets).md",
    "docs/deep/c.md",
    "other/d.md",
    ".cursor/rules/style.mdc",
    ".cursor/rules/use.mdc",
    ".github/prompts/p.prompt.md",
    "prompts/_part.prompt",
    "prompts/sub/_inner.prompt",
    "prompts/x.prompt",
    "prompts/y.md",
    "GEMINI.md",
)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for name in NAMES:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("text\n")
    return tmp_path


def rewritten(root: Path, name: str, text: str, renames: dict[str, str], client: object) -> str:
    """A document of one line as it is written after a rename."""
    policy = AccessPolicy(roots=(root,))
    resolver = make_resolver(lambda: policy, Cache.in_memory())
    store = SettingsStore(root / "no-user-file.toml")
    examiner = Examiner(
        store, TokenCountingService(), lambda: policy, lambda: resolver, lambda: "utf-8"
    )
    path = root / name
    mentions = examiner.mentions(Subject(path, root, path.as_uri(), client), text)
    moves = Moves((root / old, root / new) for old, new in renames.items())
    line = text.encode()
    for change in reversed(list(Rewriter(moves, policy, path, root).changes(mentions, "utf-8"))):
        assert change.range.start.line == change.range.end.line == 0
        start, end = change.range.start.character, change.range.end.character
        line = line[:start] + change.text.encode() + line[end:]
    return line.decode()


@pytest.mark.parametrize(
    ("name", "text", "renames", "expected"),
    [
        # Native: near before far, and as it was written.
        ("prompts/y.md", "@file:docs/a.md", {"docs/a.md": "docs/z.md"}, "@file:docs/z.md"),
        ("prompts/y.md", "@file:/docs/a.md", {"docs": "guides"}, "@file:/guides/a.md"),
        ("prompts/y.md", "@file:../docs/a.md", {"docs": "guides"}, "@file:../guides/a.md"),
        ("docs/deep/c.md", "é @file:../a.md", {"docs/a.md": "a.md"}, "é @file:../../a.md"),
        ("docs/a.md", "@file:deep/c.md", {"docs": "guides"}, "@file:deep/c.md"),
        ("docs/a.md", "@file:deep/c.md", {"docs/a.md": "a.md"}, "@file:docs/deep/c.md"),
        ("docs/a.md", "@file:deep/c.md", {"docs/deep/c.md": "docs/c c.md"}, '@file:"c c.md"'),
        # A file that now lies nearer must not be taken for the one that is meant.
        (
            "docs/a.md",
            "@file:other/d.md",
            {"other/d.md": "deep/c.md"},
            "@file:../deep/c.md",
        ),
        # Folders and globs.
        ("prompts/y.md", "@file:../docs/deep/", {"docs": "g"}, "@file:../g/deep/"),
        ("prompts/y.md", "@file:docs/**/*.md", {"docs": "g/h"}, "@file:g/h/**/*.md"),
        ("prompts/y.md", "@file:docs/**/*.md", {"docs/a.md": "docs/z.md"}, "@file:docs/**/*.md"),
        # Aliases, URIs.
        ("prompts/y.md", "@file:lib/a.md", {"docs/a.md": "docs/deep/z.md"}, "@file:lib/deep/z.md"),
        ("prompts/y.md", "@file:lib/a.md", {"docs/a.md": "other/a.md"}, "@file:other/a.md"),
        # Options and what else stands around stay.
        ("prompts/y.md", "a @file:docs/b.py#L1 b", {"docs/b.py": "b.py"}, "a @file:b.py#L1 b"),
        ("prompts/y.md", "@var:docs @file:none.md", {"docs": "g"}, "@var:docs @file:none.md"),
        # Dialects.
        ("CLAUDE.md", "see @docs/a.md now", {"docs/a.md": "other/z.md"}, "see @other/z.md now"),
        ("CLAUDE.md", "see @./docs/a.md", {"docs": "g"}, "see @./g/a.md"),
        ("GEMINI.md", "@./docs/a.md", {"docs/a.md": "z.md"}, "@./z.md"),
        (
            ".github/prompts/p.prompt.md",
            "[x](../../docs/a.md) #file:../../docs/a.md",
            {"docs/a.md": "docs/with (other).md"},
            "[x](../../docs/with%20%28other%29.md) #file:../../docs/a.md",
        ),
        (
            ".github/prompts/p.prompt.md",
            "[x](../../docs/a.md) #file:../../docs/a.md",
            {"docs": "g"},
            "[x](../../g/a.md) #file:../../g/a.md",
        ),
        (".cursor/rules/use.mdc", "@docs/a.md", {"docs/a.md": "z.md"}, "@z.md"),
        (
            ".cursor/rules/use.mdc",
            "@style",
            {".cursor/rules/style.mdc": ".cursor/rules/tone.mdc"},
            "@tone",
        ),
        ("prompts/x.prompt", "{{>part}}", {"prompts/_part.prompt": "prompts/_p.prompt"}, "{{>p}}"),
        (
            "prompts/x.prompt",
            "{{>part}}",
            {"prompts/_part.prompt": "prompts/part.prompt"},
            "{{>part}}",
        ),
        # Out of the workspace, or nothing that can be written: it is left alone.
        ("prompts/y.md", "@file:docs/a.md", {"docs/a.md": "../a.md"}, "@file:docs/a.md"),
        ("prompts/y.md", "@file:docs/a.md", {"prompts/y.md": "../y.md"}, "@file:docs/a.md"),
        # Swapped names.
        (
            "prompts/y.md",
            "@file:docs/a.md @file:other/d.md",
            {"docs/a.md": "other/d.md", "other/d.md": "docs/a.md"},
            "@file:other/d.md @file:docs/a.md",
        ),
    ],
)
def test_rename(root: Path, name: str, text: str, renames: dict[str, str], expected: str) -> None:
    aliases = {"aliases": {"lib": "docs"}}
    assert rewritten(root, name, text, renames, aliases) == expected


def test_by_uri_and_in_full(root: Path) -> None:
    uri = (root / "docs/a.md").as_uri()
    text = rewritten(root, "prompts/y.md", f"@file:{uri}", {"docs": "g"}, {})
    assert text == f"@file:{(root / 'g/a.md').as_uri()}"
    text = rewritten(root, "CLAUDE.md", f"@{root}/docs/a.md", {"docs": "g"}, {})
    assert text == f"@{root}/g/a.md"


def test_through_links(root: Path) -> None:
    (root / "linked").symlink_to("docs")
    (root / "AGENTS.md").symlink_to("docs/a.md")
    # A file has one place, whatever way leads there.
    text = rewritten(root, "prompts/y.md", "@file:/linked/a.md", {"docs/a.md": "docs/z.md"}, {})
    assert text == "@file:/docs/z.md"
    # A document that is a link is read where the link leads to.
    text = rewritten(root, "AGENTS.md", "@file:deep/c.md", {"AGENTS.md": "other/AGENTS.md"}, {})
    assert text == "@file:deep/c.md"
