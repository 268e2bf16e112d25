"""Widgets in other people's articles, the code to paste, and oEmbed."""
