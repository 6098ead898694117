"""One document that is open in the editor."""

from __future__ import annotations

import asyncio
import os
from pathlib import Path
from typing import TYPE_CHECKING

from promptls.lsp.document_references import DocumentReferences
from promptls.prompts.dialects import at_place, detect, is_prompt_document
from promptls.report.build import Context
from promptls.report.declared import DeclaredReader
from promptls.report.document import PromptDocument
from promptls.report.model import Report
from promptls.text import PositionEncoding

if TYPE_CHECKING:
    from promptls.lsp.counting import EarlyCount


class OpenDocument:
    """Text and figures of an open document, with what the session keeps about it."""

    def __init__(
        self,
        uri: str,
        path: Path | None,
        root: Path | None,
        language_id: str,
        version: int,
        text: str,
        encoding: PositionEncoding,
        early: EarlyCount | None = None,
    ) -> None:
        self.uri = uri
        self.path = path
        self.real_path = "" if path is None else os.path.normcase(os.path.realpath(path))
        """Of the file with all links followed; "" for a document that was never saved."""
        self.root = root
        self.language_id = language_id
        self.version = version
        self.edits = 0
        """How often it was changed: clients repeat versions and go back in them."""
        self.judged_edits = 0
        """`edits` when its directives were last read."""
        self.client_settings: object = None
        """What the client answered for it."""
        self.early = early
        """The count that began while the text was read, until it is over."""
        dialect = at_place(detect(path, language_id, None, root), path, root)
        if early is None:
            self.prompt = PromptDocument(text, dialect, encoding)
        else:
            self.prompt = PromptDocument(
                text, dialect, encoding, engine=early.engine, submit=early.submit
            )
            early.belongs_to(self)
        self.reader = DeclaredReader(self.prompt)
        self.context: Context | None = None
        """What it is judged by; None until the settings and the model are known."""
        self.problem = ""
        """Why it cannot be counted; "" when it can."""
        self.shown = False
        self.holds_native = False
        """Whether it holds a reference of promptls' own form, as of the last pass."""
        """Whether hints and findings appear in it."""
        self.cancelled = False
        """Whether the user cancelled its count."""
        self.closed = False
        self.judged = asyncio.Event()
        self.counted = asyncio.Event()
        """Set once the first count is there (or will not come): hints are not held up any more."""
        self.answers_at_once = False
        """Whether both are set: the one thing that hints look at."""
        self.touched = 0.0
        """When it was last edited (time of the loop)."""
        self.report: Report | None = None
        self.report_key: tuple[int, int] | None = None
        """The `state` that `report` is of."""
        self.due = 0.0
        """When diagnostics are due (time of the loop); 0 when they are not."""
        self.references = DocumentReferences()
        self.hint_key: object = None
        """Changes whenever hints made before read otherwise (settings, model)."""

    @property
    def state(self) -> tuple[int, int]:
        """(edits, revision): changes whenever a report would."""
        return self.edits, self.prompt.revision

    @property
    def has_references(self) -> bool:
        """Whether there may be references in it."""
        return self.prompt.outline.has_references

    @property
    def has_moved(self) -> bool:
        """Whether directives may stand elsewhere now, and say what they said."""
        context, outline = self.context, self.prompt.outline
        return (
            context is not None
            and context.declared.has_directive
            and self.judged_edits != self.edits
            and outline.settled
            and not (outline.front_matter_changed or outline.directives_changed)
        )

    def decide_shown(self) -> bool:
        """Whether hints and findings appear; asked after the document was judged."""
        context = self.context
        if context is None:
            return False
        self.shown = is_prompt_document(
            self.path,
            self.root,
            self.language_id,
            markdown=context.resolved.settings.markdown,
            has_directive=context.declared.has_directive or self.holds_native,
            configured=context.resolved.rule is not None,
        )
        return self.shown
