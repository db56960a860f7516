"""Filmed clips of known motion."""
