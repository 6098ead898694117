"""promptls: exact token counts and budgets for prompt documents."""

__version__ = "0.1.0"
