"""Commands that calibrate: a performer's face, and the cameras around a performer."""

GROUP = "calibrations: of a performer's face, of several cameras on one performer"

DEFAULT = "face"
"""The command where an option follows `encore calibrate` at once."""
