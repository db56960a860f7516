"""Performers, their sources and their places on the stage."""
