"""The differentiable skeleton, and the fit of its joint angles to what a camera sees."""
