"""Photos of the sheets that results are read from, for whoever keys and checks them; readers see none of them."""
