"""Dance, song and singing."""
