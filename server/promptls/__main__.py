"""`python -m promptls` is the same as the script `promptls`."""

from promptls.cli.main import main

if __name__ == "__main__":
    raise SystemExit(main())
