"""The library of avatars."""
