"""Let fans move the audience: an endpoint of its own process, and what the engine makes of it."""
