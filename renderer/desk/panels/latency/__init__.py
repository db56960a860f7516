"""How long a frame takes from light to its output."""
