"""The stage as the program shows it."""
