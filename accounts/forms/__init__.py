"""What people type about themselves, teams, tokens and appointments."""
