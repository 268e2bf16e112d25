"""The list of elections, and what a reader sees when something went wrong."""
