"""Records, skeleton, filters and tracks that all of motion shares."""
