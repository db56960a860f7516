"""Keep files that show real people out of the picture unless those people have agreed."""
