"""Sets, props, lights and cameras."""
