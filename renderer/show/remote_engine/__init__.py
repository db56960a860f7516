"""Run a show's standby engine on another machine."""
