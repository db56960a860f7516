"""What carries pixels and messages between processes. Knows neither avatars nor shows."""
