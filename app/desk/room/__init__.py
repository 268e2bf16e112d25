"""How the room is run: who covers which count and when it is expected, calls, the handover, what each person did."""
