"""The vocabulary between processes: commands, status sections, states, alarms, schema version.

A module holds what is said about one subject. Nothing here imports an engine.
"""
