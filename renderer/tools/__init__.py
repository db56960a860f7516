"""Commands other than the show."""
