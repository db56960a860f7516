"""The program encoder and its packets."""
