"""Differentiable skeleton, and the fit of its joint angles to a camera's measurements."""
