"""Handle commands from the desk, and publish the status for it."""
