"""A night, and each of its councils, as sentences to print: made of what stands, in the style of a house."""
