"""Face, eyes, hair and headwear."""
