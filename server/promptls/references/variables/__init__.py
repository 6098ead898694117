"""Variables: front matter, settings, variable files and the environment."""

from promptls.references.variables.handler import VariableHandler
from promptls.references.variables.secrets import looks_secret, mask

__all__ = ["VariableHandler", "looks_secret", "mask"]
