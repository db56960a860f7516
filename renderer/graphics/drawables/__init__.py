"""Drawable kinds: their GPU buffers and draw calls."""
