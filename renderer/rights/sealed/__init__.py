"""Encrypt avatars for licensees, and open them in memory alone."""
