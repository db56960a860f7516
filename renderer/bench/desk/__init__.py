"""Benchmark the desk: whether it survives a show, what it costs, how promptly it answers."""
