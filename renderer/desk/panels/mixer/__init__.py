"""The sound's buses."""
