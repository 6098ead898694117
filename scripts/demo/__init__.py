"""`make demo`: the real server on the example prompts, printed as an editor shows them."""
