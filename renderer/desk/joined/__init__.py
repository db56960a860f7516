"""Follow a show on another machine as if it ran on this one."""
