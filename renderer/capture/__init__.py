"""What the camera saw, with the time at which it was seen."""
