"""The face's solver and calibration."""
