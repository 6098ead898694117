"""`promptls/status`: what to put into a bug report: versions, places, cache and work.

It holds no text of any document and no value of a setting.
"""

from __future__ import annotations

import asyncio
import platform
import sys
from typing import Any

from promptls import __version__
from promptls.lsp.features.table import STATUS, FeatureTable
from promptls.lsp.session import Session
from promptls.tokens.errors import TokenError


def register(features: FeatureTable, session: Session) -> None:
    """Register the request."""

    @features.handler(STATUS)
    async def status(params: object) -> dict[str, Any]:
        loop = asyncio.get_running_loop()
        cache = await loop.run_in_executor(session.counting.executor, session.cache.stats)
        return {
            "version": __version__,
            "python": platform.python_version(),
            "executable": sys.executable,
            "platform": platform.platform(),
            "engine": _engine(session),
            "trusted": session.trusted,
            "documents": len(session.documents),
            "folders": len(session.folders),
            "positionEncoding": session.encoding,
            "cache": {
                "database": cache.location,
                "problem": cache.problems[-1].message if cache.problems else None,
                "memoryHits": cache.own.memory_hits,
                "databaseHits": cache.own.database_hits,
                "misses": cache.own.misses,
                "writes": cache.own.writes,
            },
            "jobs": {str(kind): number for kind, number in session.processor.counts().items()},
        }


def _engine(session: Session) -> str:
    try:
        return session.service.engine().name
    except TokenError as error:
        return f"none: {error.code}"
