"""Build the avatars' clothes and simulated cloth."""
