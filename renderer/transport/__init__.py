"""Transport of pixels and messages between processes, independent of avatars and shows."""
