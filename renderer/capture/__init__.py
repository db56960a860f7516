"""Capture: landmarks from cameras, files and network trackers, with their capture times."""
