"""The capture process and the engine's interface to it."""
