"""A small invented country, told as stories and built through the services. No place or person in it exists."""
