"""Performers, their data sources and their positions on the stage."""
