"""What ends the demo early."""

from __future__ import annotations


class DemoError(Exception):
    """The server did not do what the demo is there to show."""
