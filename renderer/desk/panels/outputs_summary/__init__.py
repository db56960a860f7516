"""The outputs in a few words."""
