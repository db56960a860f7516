"""Hold recorded takes to the consent of their performers."""
