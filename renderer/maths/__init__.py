"""Vectors and quaternions for small batches."""
