"""The hands' solver."""
