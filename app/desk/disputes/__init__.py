"""What two keyed differently, side by side for editors; and who is told that theirs was declared over."""
