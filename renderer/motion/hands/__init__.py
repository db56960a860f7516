"""Hand solver: wrists, twist distribution and fingers."""
