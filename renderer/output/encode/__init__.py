"""The encoder and what it makes."""
