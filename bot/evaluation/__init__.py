"""How well the guide understands messages that it was not trained on."""
