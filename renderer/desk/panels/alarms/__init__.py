"""The list of alarms."""
