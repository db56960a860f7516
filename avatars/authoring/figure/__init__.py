"""Build a figure's body, skeleton and textures, and assemble them into an avatar."""
