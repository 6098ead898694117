"""The documents of a workspace, open or not: found, examined, and who imports whom."""
