"""Guests: performers elsewhere who send solved motion to the show over WebRTC."""
