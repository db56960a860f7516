"""Where the time of a frame goes."""
