"""Define the messages between processes: commands, status sections, states, alarms, versions.

Each module defines the messages of one subject. Nothing here imports an engine.
"""
