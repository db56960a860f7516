"""Hold a live show's frame rate by giving up parts of the picture."""
