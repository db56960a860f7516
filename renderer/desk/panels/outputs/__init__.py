"""The outputs panel."""
