"""The dialects of prompt documents, how one is chosen, and which files count as prompts."""

from promptls.prompts.dialects.documents import is_prompt_document, is_prompt_path
from promptls.prompts.dialects.markdown import MARKDOWN
from promptls.prompts.dialects.model import Dialect, PathRule
from promptls.prompts.dialects.registry import DIALECTS, at_place, claimed_by_name, detect

__all__ = [
    "DIALECTS",
    "MARKDOWN",
    "Dialect",
    "PathRule",
    "at_place",
    "claimed_by_name",
    "detect",
    "is_prompt_document",
    "is_prompt_path",
]
