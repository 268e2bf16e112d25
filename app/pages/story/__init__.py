"""The night and its councils in sentences, to be read, linked from and copied."""
