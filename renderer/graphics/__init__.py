"""The GPU: context, buffers, passes, shaders, readback. Knows meshes and matrices, no shows."""
