"""The header panel."""
