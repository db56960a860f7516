"""Sign finished files with C2PA content credentials, and read those of others."""
