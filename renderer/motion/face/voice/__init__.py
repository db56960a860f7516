"""Move a mouth by the voice."""
