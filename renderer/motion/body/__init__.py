"""Solver for trunk, limbs, head and root position."""
