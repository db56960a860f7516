"""Commands that measure."""

GROUP = "measurements, each as text and as JSON"
