"""Commands beside the show."""
