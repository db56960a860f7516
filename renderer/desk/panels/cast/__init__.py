"""The cast panel."""
