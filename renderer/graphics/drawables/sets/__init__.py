"""Draw stage sets."""
