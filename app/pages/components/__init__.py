"""What pages of several rooms show: the badge, and seats as shapes."""
