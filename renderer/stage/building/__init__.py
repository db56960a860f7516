"""Build the stage sets of the assets folder."""
