"""Kinds of objects that can be drawn, as buffers on the GPU."""
