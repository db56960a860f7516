"""Compute with arrays of vectors and quaternions, for the avatars and renderer packages."""
