"""Weights that are part of the program, each with its card."""
