"""Build the head's parts: face, eyes, hair and headwear."""
