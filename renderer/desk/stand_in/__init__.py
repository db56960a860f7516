"""A simulated show for a desk to follow: of the benchmark, of pictures, and of tests."""
