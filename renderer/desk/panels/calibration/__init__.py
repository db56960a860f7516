"""The calibration of a performer's face as a guided walk."""
