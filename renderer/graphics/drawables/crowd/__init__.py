"""Draw the audience."""
