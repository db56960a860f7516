"""Several cameras on one performer: calibration, clocks, triangulation, monitoring."""
