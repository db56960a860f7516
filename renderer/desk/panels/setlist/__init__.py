"""The setlist."""
