"""The performers panel."""
