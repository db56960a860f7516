"""Commands from the desk, and the status for it."""
