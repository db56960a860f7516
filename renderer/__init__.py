"""Render a virtual concert: capture, motion, stage, graphics, output, rights, show and desk."""
