"""Takes: everything that was seen of a performance, to be solved again."""
