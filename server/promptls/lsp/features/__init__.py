"""One small file a feature; `table` says which methods they answer."""
