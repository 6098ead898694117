"""Import pygls and tiktoken, load cl100k_base, count the file named on the command line."""

import sys
from pathlib import Path

import pygls.lsp.server  # noqa: F401 (the import is what is measured)
import tiktoken

if __name__ == "__main__":
    encoding = tiktoken.get_encoding("cl100k_base")
    text = Path(sys.argv[1]).read_text(encoding="utf-8")
    print(len(encoding.encode_ordinary(text)), flush=True)
