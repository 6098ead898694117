"""Prompt documents: dialects, sections, front matter and directives."""
