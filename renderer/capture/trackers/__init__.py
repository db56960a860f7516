"""From a picture to landmarks of known performers."""
