"""The cameras panel."""
