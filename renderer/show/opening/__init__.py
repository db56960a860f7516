"""Open the parts of a show, in the order in which they need each other."""
