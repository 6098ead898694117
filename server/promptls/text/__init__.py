"""Text that is edited: lines, positions and edits at a cost that does not grow with its size."""

from promptls.text.buffer import Change, Edit, TextBuffer
from promptls.text.units import PositionEncoding

__all__ = ["Change", "Edit", "PositionEncoding", "TextBuffer"]
