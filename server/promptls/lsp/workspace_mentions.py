"""What documents refer to at this moment: closed ones as on disk, open ones as in the editor."""

from __future__ import annotations

from collections.abc import Collection
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from promptls.jobs import Priority
from promptls.workspace.examining import Examiner, Subject
from promptls.workspace.mentions import Mention
from promptls.workspace.reading import Unread

if TYPE_CHECKING:
    from promptls.lsp.open_document import OpenDocument
    from promptls.lsp.session import Session


class Mentions(NamedTuple):
    """What one document refers to."""

    subject: Subject
    version: int | None
    """None for a document that is not open."""
    mentions: list[Mention]


async def mentions_of(session: Session, keys: Collection[str]) -> list[Mentions]:
    """The mentions of documents, by their file keys, and of all documents that are open."""
    opened = session.open_keys
    taken: list[tuple[Subject, str | None, int | None]] = [
        (subject, document.prompt.buffer.text(), document.version)
        for document in session.documents.values()
        if (subject := _subject(session, document)) is not None
    ]
    for key in sorted(keys):
        subject = None if key in opened else await session.index.files.subject(key)
        if subject is not None:
            taken.append((subject, None, None))
    jobs = session.processor.submit_many(
        [(object(), (subject, text)) for subject, text, _ in taken],
        partial(_find, session.index.examiner),
        priority=Priority.VISIBLE,
        label="mentions",
    )
    return [
        Mentions(subject, version, await job)
        for (subject, _, version), job in zip(taken, jobs, strict=True)
    ]


def _subject(session: Session, document: OpenDocument) -> Subject | None:
    path = document.path
    if path is None:
        return None
    return Subject(
        path,
        document.root or path.parent,
        document.uri,
        document.client_settings,
        readers=session.index.files.readers(document.real_path),
        language_id=document.language_id,
    )


def _find(examiner: Examiner, given: list[tuple[Subject, str | None]]) -> list[list[Mention]]:
    found = []
    for subject, known in given:
        text = examiner.read(subject) if known is None else known
        found.append([] if isinstance(text, Unread) else examiner.mentions(subject, text))
    return found
