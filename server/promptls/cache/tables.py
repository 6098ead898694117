"""The tables of the database. Importing this imports SQLAlchemy (0.2 s)."""

from __future__ import annotations

from sqlalchemy import BigInteger, Dialect, Float, Index, LargeBinary, String, TypeDecorator
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

SCHEMA_VERSION = 1
"""Raised with every change of a table: what another version wrote is dropped."""


class ExactText(TypeDecorator[str]):
    """Any text of Python's: PostgreSQL's own type takes no NUL, and neither takes half a pair."""

    impl = LargeBinary
    cache_ok = True

    def process_bind_param(self, value: str | None, dialect: Dialect) -> bytes | None:
        """Write a text."""
        return None if value is None else value.encode("utf-8", "surrogatepass")

    def process_result_value(self, value: bytes | None, dialect: Dialect) -> str | None:
        """Read a text."""
        return None if value is None else bytes(value).decode("utf-8", "surrogatepass")


class Base(DeclarativeBase):
    """What the tables have in common."""

    type_annotation_map = {int: BigInteger, float: Float(53)}  # noqa: RUF012 - SQLAlchemy reads it


class TokenCount(Base):
    """The tokens of a content in an encoding, as CountRecord says."""

    __tablename__ = "promptls_token_count"
    content_hash: Mapped[str] = mapped_column(String, primary_key=True)
    encoding: Mapped[str] = mapped_column(String, primary_key=True)
    reading: Mapped[str] = mapped_column(String, primary_key=True)
    tokens: Mapped[int | None]
    size: Mapped[int]
    head: Mapped[str] = mapped_column(ExactText)
    tail: Mapped[str] = mapped_column(ExactText)
    parts: Mapped[bytes | None]
    weight: Mapped[int]
    """Bytes of the row, about."""
    used_at: Mapped[float]
    __table_args__ = (Index("promptls_token_count_used", "used_at", "weight"),)


class KnownFile(Base):
    """What a file held, as FileRecord says."""

    __tablename__ = "promptls_known_file"
    key: Mapped[str] = mapped_column(String, primary_key=True)
    """A digest of the path, which may be longer than an index takes."""
    stamp: Mapped[str] = mapped_column(ExactText)
    content_hash: Mapped[str]
    notices: Mapped[str] = mapped_column(ExactText)
    weight: Mapped[int]
    used_at: Mapped[float]
    __table_args__ = (Index("promptls_known_file_used", "used_at", "weight"),)


class FetchedContent(Base):
    """The answer of a source, as FetchRecord says."""

    __tablename__ = "promptls_fetched_content"
    key: Mapped[str] = mapped_column(String, primary_key=True)
    """A digest of the request: URLs may hold secrets."""
    status: Mapped[int]
    body: Mapped[bytes]
    charset: Mapped[str | None] = mapped_column(ExactText)
    etag: Mapped[str | None] = mapped_column(ExactText)
    last_modified: Mapped[str | None] = mapped_column(ExactText)
    fetched_at: Mapped[float]
    expires_at: Mapped[float]
    weight: Mapped[int]
    used_at: Mapped[float]
    __table_args__ = (Index("promptls_fetched_content_used", "used_at", "weight"),)


class Lease(Base):
    """Who does a piece of work that all processes would else do."""

    __tablename__ = "promptls_lease"
    key: Mapped[str] = mapped_column(String, primary_key=True)
    owner: Mapped[str]
    expires_at: Mapped[float]


class Counter(Base):
    """How often something happened, in all processes."""

    __tablename__ = "promptls_counter"
    name: Mapped[str] = mapped_column(String, primary_key=True)
    value: Mapped[int]


RECORD_TABLES = (TokenCount, KnownFile, FetchedContent)
"""Those that grow, and are pruned."""
