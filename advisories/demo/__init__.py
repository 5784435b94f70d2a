"""What the advisories add to the demonstration: told through the services, and harmless to repeat."""
