"""Encoders, sinks and sound, in a separate process."""
