"""The DMX levels that arrive."""
