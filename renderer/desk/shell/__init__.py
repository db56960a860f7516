"""The window and the process around it."""
