"""What was declared and disclosed."""
