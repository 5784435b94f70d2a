"""What the reminders' sweep would send, and whether it runs."""
