"""Keeping the database small: what was not used for long goes, then what was used least lately."""

from __future__ import annotations

from sqlalchemy import ColumnElement, delete, func, or_, select, tuple_, union_all

from promptls.cache.database import LEASE_MAX, Database
from promptls.cache.tables import RECORD_TABLES, Base, Lease

_AT_ONCE = 500
"""Rows that one transaction removes, so that others can write in between."""
_SHARE = 0.8
"""What is left of the limit after pruning for size, so that it is not needed again at once."""
_ROUNDS = 4
"""Pages that keep some of their rows take as much room as before, so one may not be enough."""
_DAY = 86_400.0


def prune(database: Database, max_bytes: int, max_age: float, now: float) -> int:
    """Remove records; gives how many. `max_age` is in seconds without use."""
    removed = 0
    for model in RECORD_TABLES:
        # What was used tomorrow was used by a clock that was wrong.
        wrong = or_(_used_at(model) < now - max_age, _used_at(model) > now + _DAY)
        removed += _remove(database, model, wrong)
    for _ in range(_ROUNDS):
        size = database.size()
        if size <= max_bytes:
            break
        last = _last_to_go(database, _SHARE * max_bytes / size)
        for model in RECORD_TABLES:
            removed += _remove(database, model, _used_at(model) <= last)
    with database.writing() as connection:
        connection.execute(delete(Lease).where(Lease.expires_at < now - LEASE_MAX))
    if removed:
        database.shrink()
    return removed


def _used_at(model: type[Base]) -> ColumnElement[float]:
    return model.__table__.c.used_at


def _last_to_go(database: Database, share: float) -> float:
    """When the newest of those records was used that go for a share of the weight to be left."""
    uses = union_all(
        *(select(_used_at(model), model.__table__.c.weight) for model in RECORD_TABLES)
    ).subquery()
    kept = select(
        uses.c.used_at,
        func.sum(uses.c.weight).over(order_by=uses.c.used_at.desc(), rows=(None, 0)).label("bytes"),
    ).subquery()
    total = select(func.sum(uses.c.weight)).scalar_subquery()
    query = select(func.max(kept.c.used_at)).where(kept.c.bytes > total * share)
    with database.engine.connect() as connection:
        last: float | None = connection.execute(query).scalar_one()
    return float("-inf") if last is None else last


def _remove(database: Database, model: type[Base], condition: ColumnElement[bool]) -> int:
    table = model.__table__
    keys = list(table.primary_key)
    some = select(*keys).where(condition).limit(_AT_ONCE)
    statement = delete(model).where(tuple_(*keys).in_(some))
    removed = 0
    while True:
        with database.writing() as connection:
            count = connection.execute(statement).rowcount
        removed += count
        if count < _AT_ONCE:
            return removed
