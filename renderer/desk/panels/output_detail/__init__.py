"""The chosen output: bit rate and reasons."""
