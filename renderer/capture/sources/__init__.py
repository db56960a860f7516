"""Cameras, files, streams and images as frames with times."""
