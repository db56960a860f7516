"""The watch page and its server."""
