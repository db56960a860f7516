"""Start, monitor, stop and restart child processes."""
