"""When licences end."""
