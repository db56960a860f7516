"""Vectors and quaternions: the one set of array kernels of avatars and renderer."""
