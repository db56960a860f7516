"""What can be drawn, as buffers on the GPU."""
