"""Measure show control: GO, song time, jumps, undo."""
