"""The OpenGL context, its programs, textures, targets and readback."""
