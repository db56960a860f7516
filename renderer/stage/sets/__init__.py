"""Read a stage set of any format: surfaces, lamps and screens."""
