"""Frame sources: cameras, video files, network streams and image sequences."""
