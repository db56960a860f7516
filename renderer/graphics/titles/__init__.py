"""Lay out titles over the picture, and cache their rasterised text on the GPU."""
