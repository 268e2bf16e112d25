"""A change of control that waits a moment at the desk before readers see it."""
