"""Supervise a live show: own what outlives the engine, and start the engine again if it dies."""
