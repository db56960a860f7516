"""Benchmark of the learned models against their closed-form baselines."""
