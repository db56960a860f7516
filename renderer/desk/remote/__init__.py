"""Serve crew pages: the running show on phones and tablets, to look at or to call."""
