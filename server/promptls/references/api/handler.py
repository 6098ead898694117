"""The handler of `api` references: endpoints of the settings, and addresses on allowed hosts."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace

from cachetools import LRUCache

from promptls.cache import Cache
from promptls.references.api.answers import Answers, fresh_until
from promptls.references.api.decoding import decode
from promptls.references.api.extraction import extract
from promptls.references.api.joining import Joining
from promptls.references.api.model import Answer, Held, Lacking, Query, Trouble
from promptls.references.api.network import Network
from promptls.references.api.target import blocked, query_of
from promptls.references.files.measuring import hash_text, measure_text
from promptls.references.files.text_stages import LineCut, without_final_break
from promptls.references.model import (
    Clock,
    Content,
    Failed,
    Found,
    Notice,
    Outcome,
    Request,
)
from promptls.references.policy import AccessPolicy, Refusal
from promptls.references.variables.handler import VariableHandler
from promptls.tokens.engine import replace_surrogates
from promptls.tokens.errors import TokenError

CONTENTS_MAX = 500
"""Contents that are kept with what they measure; each is small beside its text."""


@dataclass(frozen=True, slots=True)
class _Text:
    """What is brought in of an answer."""

    text: str
    notices: tuple[Notice, ...]


class ApiHandler:
    """Brings in what web services answer. Safe to call from several threads; calls may wait.

    Answers are kept in memory and in the cache. The source is asked when they are not fresh any
    more, by one thread of one process, whoever waits for it; when it is down, the last good answer
    serves as a stale one, and it is asked again later. Without the network, or when it is not
    allowed, nothing is looked up.
    """

    kind = "api"
    slow = True

    def __init__(
        self,
        policy: Callable[[], AccessPolicy],
        cache: Cache | None = None,
        *,
        clock: Clock = time.time,
        sleep: Callable[[float], None] = time.sleep,
        network: Network | None = None,
    ) -> None:
        self._policy = policy
        self._variables = VariableHandler(policy)
        self._answers = Answers(cache, network or Network(), clock, sleep)
        self._lock = threading.Lock()
        self._contents: LRUCache[Hashable, Content] = LRUCache(CONTENTS_MAX)
        self._measuring: Joining[Content | Trouble] = Joining()

    def resolve(self, request: Request) -> Outcome:
        """Bring in an answer; see ReferenceHandler."""
        policy = self._policy()
        query = query_of(request, self._variables, policy)
        if not isinstance(query, Query):
            return query
        held = self._answers.get(query, policy.hosts, online=policy.network)
        if isinstance(held, Refusal):
            return blocked(query.name, held)
        if isinstance(held, Lacking):
            return _failed(query, held)
        content = self._content(query, held.answer, request)
        if isinstance(content, Trouble):
            # The source answered: there is nothing new to be had while its answer is fresh.
            until = fresh_until(query, held.answer)
            return _failed(query, Lacking(content, held.retry_at or until))
        return Found(
            (
                replace(
                    content,
                    level=held.level,
                    fetched_at=held.answer.fetched_at,
                    stale=held.stale,
                    notices=content.notices + _stale_notices(query, held),
                ),
            )
        )

    def text(self, content: Content, request: Request) -> str | None:
        """The text of an answer that is still at hand; see ReferenceHandler."""
        query = query_of(request, self._variables, self._policy())
        if not isinstance(query, Query):
            return None
        answer = self._answers.known(query)
        found = None if answer is None else _text_of(query, answer, request)
        if not isinstance(found, _Text) or hash_text([found.text])[0] != content.hash:
            return None
        return found.text

    def invalidate(self, keys: frozenset[str] | None) -> None:
        """Have the sources of these contents asked before their answers serve again."""
        self._variables.invalidate(keys)
        self._answers.invalidate(keys)

    def _content(self, query: Query, answer: Answer, request: Request) -> Content | Trouble:
        engine = request.reading.engine
        name = (
            query.content_key,
            query.name,
            query.max_bytes,
            request.options.lines,
            answer.digest,
            answer.charset,
            engine.name,
            engine.encoding.name,
        )
        with self._lock:
            content = self._contents.get(name)
        if content is not None:
            return content
        made = self._measuring.run(name, lambda: _measured(query, answer, request))
        if isinstance(made, Content):
            with self._lock:
                self._contents[name] = made
        return made


def _failed(query: Query, lacking: Lacking) -> Failed:
    trouble = lacking.trouble
    message = f"`{query.name}` {_sentence(trouble)} {_next_try(lacking.retry_at)}"
    return Failed(Notice(trouble.code, message), lacking.retry_at)


def _stale_notices(query: Query, held: Held) -> tuple[Notice, ...]:
    if held.trouble is None or held.retry_at is None:
        return ()
    message = (
        f"`{query.name}` {_sentence(held.trouble)} Its answer of "
        f"{_moment(held.answer.fetched_at)} stands in. {_next_try(held.retry_at)}"
    )
    return (Notice(held.trouble.code, message),)


def _measured(query: Query, answer: Answer, request: Request) -> Content | Trouble:
    found = _text_of(query, answer, request)
    if isinstance(found, Trouble):
        return found
    try:
        measured = measure_text([found.text], request.reading.engine, None)
    except TokenError as error:
        reason = f"cannot be counted: {error.message} {error.way_out.rstrip('.')}"
        return Trouble(reason, False, code="reference/unreadable")
    return Content(
        key=query.content_key + _lines_suffix(request),
        name=query.name,
        hash=measured.hash,
        parts=measured.parts,
        size=measured.size,
        uri=query.uri,
        notices=found.notices,
    )


def _text_of(query: Query, answer: Answer, request: Request) -> _Text | Trouble:
    decoded = decode(answer.body, answer.charset)
    if decoded is None:
        return Trouble("answered what is not text", False, code="reference/binary")
    notices: list[Notice] = []
    if not decoded.exact:
        message = (
            f"`{query.name}` answered bytes that are not {decoded.charset.upper()}, in which they "
            "were read; they count as U+FFFD. Whoever runs it should name the charset."
        )
        notices.append(Notice("reference/not-utf8", message))
    text: str | Trouble = decoded.text
    if query.extract is not None:
        text = extract(decoded.text, query.extract, query.max_bytes)
    if isinstance(text, Trouble):
        return text
    pieces = [replace_surrogates(text)]
    lines = request.options.lines
    if lines is None:
        return _Text("".join(without_final_break(pieces)), tuple(notices))
    cut = LineCut(*lines)
    kept = "".join(without_final_break(cut.apply(pieces)))
    if cut.lines_seen < lines[0]:
        message = (
            f"`{query.name}` has no line {lines[0]:,}, only {cut.lines_seen:,}; nothing is "
            "brought in. Correct `lines`."
        )
        notices.append(Notice("reference/bad-option", message))
    return _Text(kept, tuple(notices))


def _lines_suffix(request: Request) -> str:
    if request.options.lines is None:
        return ""
    first, last = request.options.lines
    return f"#L{first}-" + ("" if last is None else f"L{last}")


def _sentence(trouble: Trouble) -> str:
    return (
        f"{trouble.reason} ({trouble.tries} tries)." if trouble.tries > 1 else f"{trouble.reason}."
    )


def _next_try(at: float) -> str:
    return f"It is asked again at {_moment(at)}."


def _moment(at: float) -> str:
    """A time for a reader: of today by the clock, else with its date."""
    then, now = time.localtime(at), time.localtime()
    same_day = (then.tm_year, then.tm_yday) == (now.tm_year, now.tm_yday)
    return time.strftime("%H:%M:%S" if same_day else "%Y-%m-%d %H:%M", then)
