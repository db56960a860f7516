"""Clothes and cloth."""
