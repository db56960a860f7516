"""Render video clips with ground-truth motion."""
