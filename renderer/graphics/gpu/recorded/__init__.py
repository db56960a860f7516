"""Record OpenGL commands, and issue them from compiled code."""
