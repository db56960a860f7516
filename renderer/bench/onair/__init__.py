"""Benchmark a live show that stays on air: a fault a minute, and what the audience misses."""
