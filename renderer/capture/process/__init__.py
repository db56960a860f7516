"""The capture process, and the engine's handle on it."""
