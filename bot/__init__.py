"""Foreldreveiviseren: what stands beside the Rasa project's own files."""
