"""Face solver, calibration, close-up camera and voice-driven mouth."""
