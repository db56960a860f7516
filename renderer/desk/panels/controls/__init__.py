"""The controls panel."""
