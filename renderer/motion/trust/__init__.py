"""Which observations are believed."""
