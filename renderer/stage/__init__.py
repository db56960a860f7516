"""Stage data: sets, lights and cameras."""
