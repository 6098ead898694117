"""What was counted and fetched before: memory over a database, for all windows and restarts."""

from promptls.cache.cache import Cache
from promptls.cache.problems import Problem
from promptls.cache.records import (
    CountKey,
    CountRecord,
    FetchKey,
    FetchRecord,
    FileRecord,
    Key,
    Level,
)
from promptls.cache.stats import CacheStats, Traffic

__all__ = [
    "Cache",
    "CacheStats",
    "CountKey",
    "CountRecord",
    "FetchKey",
    "FetchRecord",
    "FileRecord",
    "Key",
    "Level",
    "Problem",
    "Traffic",
]
