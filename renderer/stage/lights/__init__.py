"""Fixtures, looks and the lighting rig."""
