"""Measure the fans' endpoint: its cost with thousands of clients, and the engine's."""
