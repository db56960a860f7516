"""Trackers that speak over the network: phones that see faces, suits that feel bodies."""
