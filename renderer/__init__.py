"""From a camera to a stream: capture, motion, stage, graphics, output, rights, show, desk."""
