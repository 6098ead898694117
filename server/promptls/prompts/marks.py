"""Lines that may carry structure, found without regard to what stands around them.

Whether a mark counts (it does not inside a fence or a comment, or when a tag is never closed) is
decided by `resolve`. Only the first LINE_LIMIT characters of a line are looked at.
"""

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

from promptls.prompts.references.model import Reference
from promptls.settings.limit import BudgetLimit
from promptls.tokens.measure import Measure

LINE_LIMIT = 1024
"""Characters of a line that are looked at for structure."""

NO_RANK = 255
"""The rank of a mark at which no section begins or goes on."""


class Kind(IntEnum):
    """What a line may be."""

    START = 0
    """Not a line: the beginning of the document."""
    HEADING = 1
    RULE = 2
    """A line of `=` or `-`, or `...`: an underline, a thematic break, a fence of front matter."""
    FENCE = 3
    COMMENT = 4
    """A line that begins with `<!--`."""
    COMMENT_END = 5
    """Another line that holds `-->`."""
    TAG_OPEN = 6
    TAG_CLOSE = 7
    ROLE = 8
    AFTER = 9
    """The first line that is not blank behind a closing tag or the end of front matter."""
    REFERENCE = 10
    """Another line that holds references."""


class Mark:
    """One such line, with what `resolve` finds out about it."""

    __slots__ = (
        "active",
        "closes",
        "contents",
        "context",
        "depth",
        "directive",
        "extra",
        "group",
        "hint",
        "ignored",
        "kind",
        "lead",
        "level",
        "limit",
        "name",
        "rank",
        "reach",
        "reference_hints",
        "references",
        "resolutions",
        "section",
        "setext",
        "size",
        "stale",
        "text",
        "width",
    )

    def __init__(
        self,
        kind: Kind,
        text: str = "",
        *,
        level: int = 0,
        name: str = "",
        closes: bool = False,
        size: int = 0,
        setext: bool = False,
    ) -> None:
        self.kind = kind
        self.text = text
        """The line, no more than LINE_LIMIT characters of it."""
        self.level = level
        """Headings: 1 to 6. Rules: 1 for `=`, 2 for `-`, 3 for a `---` that can fence, 4 `...`.
        Comments: 1 for one that is a directive."""
        self.name = name
        """Title of a heading, name of a tag or role, character of a fence."""
        self.closes = closes
        """Fences: can close one. Comments: `-->` stands on the line."""
        self.size = size
        """Fences: how long. Role helpers: how many characters of the line they take."""
        self.setext = setext
        """Headings: the next line underlines this one."""
        self.rank = NO_RANK
        self.depth = 0
        """How many tags are open behind the mark."""
        self.context = ""
        """What the text behind the mark stands in: "" for nothing special, the characters that
        opened a fence, "comment" or "frontMatter"."""
        self.active = False
        """Whether the mark itself stands in nothing of that kind."""
        self.section = ""
        """The kind of section that begins here, "" for none."""
        self.directive = False
        """Whether this is a directive of ours that counts."""
        self.references: tuple[Reference, ...] = ()
        """What the line names from elsewhere; it counts where the mark is active."""
        self.resolutions: tuple[object, ...] = ()
        """What became of each reference, for those who look them up."""
        self.contents: tuple[Measure | None, ...] = ()
        """What is sent in the place of each reference; None where it stays as it is written."""
        self.lead = self.reach = 0
        """Lines before and from the mark that decide about the expanded tokens of a part that
        begins here and is not sent as written; 0 where none begins (`substitutions`)."""
        self.extra = 0
        """Expanded tokens less own tokens of the text up to the next mark."""
        self.group: tuple[Mark, ...] | None = None
        """The marks whose expanded tokens are counted together with this one's, if any."""
        self.stale = True
        """Whether `extra` has to be counted."""
        self.limit: BudgetLimit | None = None
        self.ignored: tuple[str, ...] = ()
        """What directives say of the section that begins here (`report.declared`)."""
        self.hint: tuple[object, int, str] | None = None
        """What a surface last made of the section (`lsp.features.inlay_hint`)."""
        self.reference_hints: tuple[object, tuple[str, ...]] | None = None
        """What a surface last made of the references."""
        self.width = -1
        """Length of the line in code units, once asked for."""

    def signature(self) -> tuple[Kind, int, str, bool, int, bool]:
        """Equal for marks that structure a document in the same way."""
        name = "" if self.kind is Kind.HEADING else self.name
        return self.kind, self.level, name, self.closes, self.size, self.setext

    def take_over(self, other: Mark) -> None:
        """Be what `other`, of the same signature, was found to be."""
        self.rank, self.depth, self.context = other.rank, other.depth, other.context
        self.active = other.active
        self.section, self.directive = other.section, other.directive
        self.lead, self.reach = other.lead, other.reach
        self.keep_resolutions(other)
        self.limit, self.ignored = other.limit, other.ignored

    def keep_resolutions(self, other: Mark) -> bool:
        """Take what became of equal references on another reading of the line.

        Tells whether the references are the same ones in the same order.
        """
        if not self.references:
            return not other.references
        before = [reference.spec for reference in other.references]
        now = [reference.spec for reference in self.references]
        if before == now:
            self.resolutions, self.contents = other.resolutions, other.contents
            return True
        known = dict(zip(before, zip(other.resolutions, other.contents, strict=True), strict=False))
        if known:
            found = [known.get(spec, (None, None)) for spec in now]
            self.resolutions = tuple(resolution for resolution, _ in found)
            self.contents = tuple(content for _, content in found)
        return False

    @property
    def leads_to_after(self) -> bool:
        """Whether the next line that is not blank is an AFTER mark, if nothing else."""
        return self.kind is Kind.TAG_CLOSE or (self.kind is Kind.RULE and self.level >= 3)

    def __repr__(self) -> str:
        return f"<{self.kind.name} {self.text[:30]!r} rank={self.rank} {self.section}>"


class Found(NamedTuple):
    """A mark, the line it stands on, and the offset of that line (-1 from `scan_lines`)."""

    line: int
    mark: Mark
    start: int = -1
