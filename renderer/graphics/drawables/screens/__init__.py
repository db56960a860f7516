"""Draw LED walls and side screens."""
