"""Draw stages on the GPU: passes over drawables, from OpenGL context to readback."""
