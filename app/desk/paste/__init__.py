"""Results that were pasted as text: read, shown, and put into the form once the keyer takes them."""
