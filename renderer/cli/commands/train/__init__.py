"""Commands that train the learned models."""

GROUP = "train the learned models on recordings, and measure them"
