"""Front matter: the YAML block at the beginning of a prompt document."""

from promptls.prompts.front_matter.block import parse_front_matter
from promptls.prompts.front_matter.model import FrontMatter

__all__ = ["FrontMatter", "parse_front_matter"]
