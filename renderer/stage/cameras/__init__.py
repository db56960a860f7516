"""Cameras: framings, rigs, lenses and the operator that follows idols."""
