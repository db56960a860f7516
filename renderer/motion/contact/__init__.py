"""Detect what a performer's hands touch."""
