"""Show the example prompts as an editor would: hints at line ends, diagnostics under the lines.

References are seen waiting, resolved, not found and mended; a section is cut below its budget and
put back; then a second server finds everything in the cache of the first.
"""

from __future__ import annotations

import os
import sys

from scripts.demo.acts import run
from scripts.demo.failure import DemoError
from scripts.demo.layout import painter


def main() -> int:
    """Run the demo; 1, with the reason, when the server does not do its part."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    try:
        run(painter(sys.stdout.isatty() and "NO_COLOR" not in os.environ))
    except DemoError as error:
        print(f"demo: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
