"""The go-live check."""
