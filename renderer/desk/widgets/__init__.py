"""Parts that several panels draw with."""
