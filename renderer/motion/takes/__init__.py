"""Takes: recordings of all observations of a performance, which can be solved again."""
