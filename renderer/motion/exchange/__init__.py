"""Motion from elsewhere and for elsewhere: trackers mixed in, motion files read and written."""
