"""Encoders, sinks and sound, in a process of their own."""
