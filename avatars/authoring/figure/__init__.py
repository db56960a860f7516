"""Body, skeleton, textures and the assembled file."""
