"""References to files: found, opened without being fooled, streamed, counted, remembered."""
