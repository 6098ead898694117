"""The figures that promptls promises, each measured beside its alternative in the same run."""
