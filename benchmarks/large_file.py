"""A reference to a file of 200 MB: how much memory it takes to read and count it."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.counting_process import Counted, counting_process
from benchmarks.documents import MB, markdown
from benchmarks.process_memory import begin_peak, require_proc, resident
from benchmarks.referenced_files import FOLDER, reference, sum_of_tokens, wait_until_settled
from benchmarks.session import Session, open_frame
from benchmarks.table import Goal, Row

_NAME = "large.md"
_BLOCK = 10 * MB
_BLOCKS = 20
_BLOCKS_QUICK = 4
_LIMIT = 1 << 28
"""Bytes that the workspace's settings allow."""
_IDLE_AFTER = 3.0
"""Seconds after which a server has given back what it does not need."""
_TIMEOUT = 500.0


def rows(bench: Bench) -> Iterator[Row]:
    """Growth of the server's resident memory, in megabytes of 10^6 bytes."""
    require_proc()
    blocks = _BLOCKS_QUICK if bench.quick else _BLOCKS
    workspace = bench.folder / "large-file"
    counted = _write(bench, workspace, blocks)
    wait_until_settled()
    with bench.ours(workspace=workspace, cache="large-file") as session:
        # The vocabulary and all that references need is loaded before.
        session.open("small.md", f"# Small\n\n{reference('small.md')}\n")
        time.sleep(_IDLE_AFTER)
        seconds, growth = _open(session, counted.tokens)
    yield Row(
        f"memory to read a file of {blocks * _BLOCK // MB} MB",
        growth / MB,
        None,
        "-",
        Goal("megabytes", 16),
        note=f"from before didOpen to the peak; resolved after {seconds:.1f} s, tiktoken needs "
        f"{counted.seconds:.1f} s for the same text in pieces of {_BLOCK // MB} MB; compared with "
        "its count",
    )


def _open(session: Session, tokens: int) -> tuple[float, int]:
    """Open a document that refers to the file; seconds until resolved, bytes of growth."""
    pid = session.client.process.pid
    session.client.drain()
    session.client.inbox.clear()
    before = resident(pid, "VmRSS")
    begin_peak(pid)
    uri = session.uri("large.md")
    start = time.perf_counter()
    session.client.write(open_frame(uri, f"# Large\n\n{reference(_NAME)}\n"))
    resolved = session.wait_until_resolved(uri, timeout=_TIMEOUT)
    growth = resident(pid, "VmHWM") - before
    found = sum_of_tokens(resolved.report)
    if found != tokens:
        raise ValueError(f"{found} tokens brought in, but tiktoken counts {tokens}")
    return resolved.at - start, growth


def _write(bench: Bench, workspace: Path, blocks: int) -> Counted:
    """Write the file, the settings that allow it and a small file; what tiktoken makes of it.

    The file is one text again and again. No token straddles the line break between two of them,
    for the text does not begin with white space.
    """
    block = markdown(_BLOCK).strip().encode()
    folder = workspace / FOLDER
    folder.mkdir(parents=True)
    with (folder / _NAME).open("wb") as file:
        file.write((block + b"\n") * (blocks - 1))
        file.write(block)
    (folder / "small.md").write_bytes(b"A small file.")
    limits = f"[limits]\nfile-bytes = {_LIMIT}\nexpanded-bytes = {_LIMIT}\n"
    (workspace / "promptls.toml").write_text(limits, encoding="utf-8")
    counts = []
    with counting_process(bench, "read_and_count") as loop:
        for name, text in (("inner", block + b"\n"), ("last", block)):
            part = bench.folder / f"large-file-{name}"
            part.mkdir()
            (part / "text.md").write_bytes(text)
            counts.append(loop.count(str(part)))
    inner, last = counts
    return Counted(
        (blocks - 1) * inner.seconds + last.seconds, (blocks - 1) * inner.tokens + last.tokens
    )
