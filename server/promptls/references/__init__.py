"""Where referenced content comes from: handlers, the access policy, the resolver."""
