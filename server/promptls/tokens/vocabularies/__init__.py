"""Vocabulary files: where they lie, how they are checked and read."""

from promptls.tokens.vocabularies.loading import VocabularySource, load_ranks

__all__ = ["VocabularySource", "load_ranks"]
