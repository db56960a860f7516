"""The body's solver."""
