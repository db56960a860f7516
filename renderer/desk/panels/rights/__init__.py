"""Verdicts about the idols."""
