"""Pictures out of SVG documents: ``drawer`` asks for them and keeps them, ``worker`` draws, in a process by itself."""
