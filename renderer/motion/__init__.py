"""What was seen, as a humanoid pose, hands, gaze and 52 expressions."""
