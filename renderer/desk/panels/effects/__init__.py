"""Effects and audience."""
