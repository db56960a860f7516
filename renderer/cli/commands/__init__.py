"""The commands of `encore`, one module each; see `renderer.cli.command`."""
