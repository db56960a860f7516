"""Records, the skeleton's tables, filters and tracks that the rest of motion shares."""
