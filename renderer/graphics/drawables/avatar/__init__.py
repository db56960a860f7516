"""Draw avatars."""
