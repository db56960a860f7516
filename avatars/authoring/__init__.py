"""Build the library's avatars and the demo performance from CC0 data.

This is a build-time package; nothing that runs a show imports it. `python -m avatars.authoring`
builds the avatars, `python -m avatars.authoring.clips.demo` the demo performance.
"""
