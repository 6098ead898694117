"""Count the file named on the command line with tiktoken, once for every line of standard input.

Each time it prints the seconds that the encoding took and the number of tokens. The vocabulary is
loaded and the text is read before the first.
"""

import sys
import time
from pathlib import Path

import tiktoken

if __name__ == "__main__":
    encoding = tiktoken.get_encoding("cl100k_base")
    text = Path(sys.argv[1]).read_bytes().decode()
    for _ in sys.stdin:
        start = time.perf_counter()
        tokens = len(encoding.encode_ordinary(text))
        print(time.perf_counter() - start, tokens, flush=True)
