"""Network trackers: phones that track faces and suits that track bodies."""
