"""The first-run tour: from nothing to First Light on air on this machine."""
