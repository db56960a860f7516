"""What a performer is seen by: cameras, takes, animations."""
