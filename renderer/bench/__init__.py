"""Benchmarks behind every figure in the documentation."""
