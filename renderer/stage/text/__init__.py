"""Titles, lyrics and logos, as data."""
