"""The report: the one value that every surface is a view of."""
