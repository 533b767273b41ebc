"""The processes that run stages, and those that look after them."""
