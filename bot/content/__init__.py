"""The written pages: reading them, and checking that each is complete, sourced and plain."""
