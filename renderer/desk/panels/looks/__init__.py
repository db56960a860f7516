"""The looks."""
