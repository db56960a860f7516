"""Where packets go: recordings, streams, HLS."""
