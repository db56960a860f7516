"""Shape and rasterise text in any script."""
