"""The handler of `file` references: a file is read, hashed and counted once, whoever asks for it.

A file is looked for in this order: as it is open in an editor; in memory, by its state; in the
database, by its state; on disk. Whatever is known of it, the policy judges it each time anew.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable, Sequence
from concurrent.futures import CancelledError, Future
from dataclasses import replace
from threading import Lock

from promptls.cache import Cache
from promptls.references.files.contents import text_brought_in
from promptls.references.files.counts import RememberedCounts
from promptls.references.files.locating import Located, Locator, OpenDocuments, Place, Refusal
from promptls.references.files.lookup import home_of
from promptls.references.files.measuring import hash_text
from promptls.references.files.memory import ContentMemory
from promptls.references.files.source import FileSource, Read
from promptls.references.model import Clock, Content, Found, Outcome, Request
from promptls.references.policy import AccessPolicy

MAX_BYTES = 64 << 20
"""Bytes of the largest file that is brought in, unless the settings say otherwise."""
MAX_FILES = 1_000
"""Files that one glob or folder may name, unless the settings say otherwise."""

_Answer = Content | Refusal


class FileHandler:
    """Brings in files, globs and folders. Safe to use from several threads."""

    kind = "file"
    slow = False

    def __init__(
        self,
        policy: Callable[[], AccessPolicy],
        cache: Cache | None = None,
        open_documents: OpenDocuments | None = None,
        *,
        max_bytes: int = MAX_BYTES,
        max_files: int = MAX_FILES,
        clock: Clock = time.time,
        checkpoint: Callable[[], None] = lambda: None,
    ) -> None:
        """`checkpoint` is called between pieces of a file; what it raises ends the work."""
        self._policy = policy
        self._counts = RememberedCounts(cache or Cache.in_memory())
        self._open_documents = open_documents
        self._source = FileSource(self._counts, clock, checkpoint)
        self._max_bytes = max_bytes
        self._max_files = max_files
        self._memory = ContentMemory()
        self._lock = Lock()
        self._under_way: dict[Hashable, Future[_Answer]] = {}

    def resolve(self, request: Request) -> Outcome:
        """See ReferenceHandler."""
        return self.resolve_many([request])[0]

    def resolve_many(self, requests: Sequence[Request]) -> list[Outcome]:
        """Resolve requests together: the cache is asked once for all of their files."""
        policy = self._policy()
        locator = Locator(policy, self._open_documents, self._max_bytes, self._max_files)
        places = [locator.locate(request) for request in requests]
        wanted: dict[Hashable, Located] = {}
        for place in places:
            for member in place.members:
                if isinstance(member, Located):
                    wanted.setdefault(member.key, member)
        answers = self._answers(wanted, policy)
        return [_outcome(place, answers) for place in places]

    def text(self, content: Content, request: Request) -> str | None:
        """See ReferenceHandler."""
        if content.path is None:
            return None
        lines = request.options.lines
        if self._open_documents is not None:
            text = self._open_documents.text(content.path)
            if text is not None:
                text = text_brought_in(text, lines)
                return text if hash_text([text])[0] == content.hash else None
        policy = self._policy()
        return self._source.text(content, str(content.path), lines, policy, home_of(request.site))

    def invalidate(self, keys: frozenset[str] | None) -> None:
        """See ReferenceHandler."""
        self._memory.forget(keys)

    def _answers(
        self, wanted: dict[Hashable, Located], policy: AccessPolicy
    ) -> dict[Hashable, _Answer]:
        """What each of these files holds."""
        answers: dict[Hashable, _Answer] = {}
        unknown = []
        for key, located in wanted.items():
            content = self._memory.get(key, located.stamp)
            if content is None:
                unknown.append(located)
            else:
                answers[key] = content
        if unknown:
            remembered = self._counts.contents(unknown)
            for located in unknown:
                if (content := remembered.get(located.key)) is not None:
                    answers[located.key] = content
                    self._memory.put(located.key, located.stamp, content)
            self._read([one for one in unknown if one.key not in answers], answers, policy)
        return answers

    def _read(
        self, unknown: list[Located], answers: dict[Hashable, _Answer], policy: AccessPolicy
    ) -> None:
        """Read files; what another thread reads already is waited for."""
        own: list[tuple[Located, Future[_Answer]]] = []
        joined: list[tuple[Located, Future[_Answer]]] = []
        with self._lock:
            for located in unknown:
                state = (located.key, located.stamp)
                future = self._under_way.get(state)
                if future is not None:
                    joined.append((located, future))
                elif (content := self._memory.get(*state)) is not None:
                    # Another thread has finished since memory was asked first.
                    answers[located.key] = content
                else:
                    future = self._under_way[state] = Future()
                    own.append((located, future))
        try:
            # All of one's own comes before any waiting, so that no two threads wait for each other.
            wanted = [located for located, _ in own]
            reads = self._source.read_many(wanted, policy) if wanted else []
            for (located, future), read in zip(own, reads, strict=True):
                answers[located.key] = answer = self._kept(located, read)
                future.set_result(answer)
        finally:
            with self._lock:
                for located, future in own:
                    del self._under_way[located.key, located.stamp]
                    future.cancel()  # does nothing to one that has its result
        for located, future in joined:
            try:
                answers[located.key] = future.result()
            except CancelledError:  # whoever read it was stopped
                answers[located.key] = self._kept(located, self._source.read(located, policy))

    def _kept(self, located: Located, read: Read) -> _Answer:
        """What came of reading a file, remembered."""
        outcome, stamp = read
        if isinstance(outcome, Content) and stamp is not None:
            self._memory.put(located.key, stamp, outcome)
        return outcome


def _outcome(place: Place, answers: dict[Hashable, _Answer]) -> Outcome:
    given = [
        answers[member.key] if isinstance(member, Located) else member for member in place.members
    ]
    if not place.many:
        return given[0] if not isinstance(given[0], Content) else Found((given[0],))
    contents = [one for one in given if isinstance(one, Content)]
    refused = [one for one in given if not isinstance(one, Content)]
    if not contents and refused:
        return refused[0]
    if contents and refused:
        # One that cannot be brought in does not keep the others out; it is told of all the same.
        notices = (*contents[0].notices, *(one.notice for one in refused))
        contents[0] = replace(contents[0], notices=notices)
    return Found(tuple(contents), many=True)
