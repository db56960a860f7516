"""Cues: what the crew calls, when each one runs, and the state that it leaves.

Pure logic on integer nanoseconds, driven by the tick: no threads, and no clock of its own.
"""
