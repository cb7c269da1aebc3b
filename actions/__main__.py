"""`python -m actions`: the action server, `python -m rasa_sdk --actions actions` less its noise."""

import warnings

import sanic  # noqa: F401  (turns deprecation warnings on when imported, so it comes first)

warnings.filterwarnings("ignore", category=DeprecationWarning)

from rasa_sdk.__main__ import main  # noqa: E402

if __name__ == "__main__":
    main()
