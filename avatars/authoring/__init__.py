"""Making the library's idols and the demo's performer from CC0 data.

Only needed to build; nothing that runs a show imports it. `python -m avatars.authoring` makes the
idols, `python -m avatars.authoring.clips.demo` the demo performance.
"""
