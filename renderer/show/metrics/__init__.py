"""The show's health for Prometheus, served to this machine alone."""
