"""Benchmarks: every figure that the documents state."""
