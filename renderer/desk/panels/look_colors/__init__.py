"""The colours and positions of the look that is on."""
