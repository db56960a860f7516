"""The preview and program monitors."""
