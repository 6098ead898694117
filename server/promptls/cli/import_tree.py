"""The import tree of a document, as a value: references, what they bring in, and so on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from promptls.prompts.references import Reference
from promptls.references.model import Notice
from promptls.references.resolution import Status


@dataclass(frozen=True, slots=True)
class ContentNode:
    """Something that a reference brings in."""

    name: str
    uri: str | None
    tokens: int
    """As it stands."""
    expanded_tokens: int | None
    """What it costs here; None when it is too large to be put in."""
    repeated: bool
    """It stands further up: what it brings in is shown there."""
    references: tuple[ReferenceNode, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The node as a JSON object; names are those of the report."""
        return {
            "name": self.name,
            "resolvedUri": self.uri,
            "tokens": self.tokens,
            "expandedTokens": self.expanded_tokens,
            "repeated": self.repeated,
            "references": [node.to_json() for node in self.references],
        }


@dataclass(frozen=True, slots=True)
class ReferenceNode:
    """A reference, in the document or in something that it brings in."""

    reference: Reference
    line: int
    """Counted from 0."""
    status: Status
    notice: Notice | None = None
    """Why it brings nothing in, or nothing new."""
    tokens: int | None = None
    expanded_tokens: int | None = None
    contents: tuple[ContentNode, ...] = ()
    """More than one for a glob or folder."""

    def to_json(self) -> dict[str, Any]:
        """The node as a JSON object; names are those of the report."""
        reference, notice = self.reference, self.notice
        return {
            "kind": reference.kind,
            "target": reference.target,
            "line": self.line,
            "placement": reference.placement,
            "status": self.status,
            "tokens": self.tokens,
            "expandedTokens": self.expanded_tokens,
            "code": None if notice is None else notice.code,
            "message": None if notice is None else notice.message,
            "contents": [node.to_json() for node in self.contents],
        }


@dataclass(frozen=True, slots=True)
class ImportTree:
    """A document with its references."""

    path: str
    """As output names it."""
    dialect: str
    encoding: str
    tokens: int | None
    expanded_tokens: int | None
    references: tuple[ReferenceNode, ...]

    def to_json(self) -> dict[str, Any]:
        """The tree as a JSON object; names are those of the report."""
        return {
            "path": self.path,
            "dialect": self.dialect,
            "encoding": self.encoding,
            "tokens": self.tokens,
            "expandedTokens": self.expanded_tokens,
            "references": [node.to_json() for node in self.references],
        }
