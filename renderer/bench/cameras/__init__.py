"""Benchmark of several cameras on one performer."""
