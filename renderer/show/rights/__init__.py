"""Hold a show to the rights of its avatars and performers."""
