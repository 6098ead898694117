"""Exact token counts: encodings, engines, a cached service and an incremental counter."""
