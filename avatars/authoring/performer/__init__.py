"""The synthetic performer of tests and demo."""
