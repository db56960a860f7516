"""Try another camera beside the one in use."""
