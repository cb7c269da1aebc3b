"""`python -m bot.rasa_quietly …`: Rasa's command line less the warnings that nobody can act on.

They come from the libraries that Rasa 3.6 pins, and from Rasa's belief that a response which only
an action utters is unused. Whoever wants to see them calls `rasa` itself.
"""

import warnings

import sanic  # noqa: F401  (turns deprecation warnings on when imported, so it comes first)

warnings.filterwarnings("ignore", category=DeprecationWarning)

from rasa.__main__ import main  # noqa: E402
from rasa.utils.common import EXPECTED_WARNINGS  # noqa: E402

EXPECTED_WARNINGS += [
    (DeprecationWarning, ""),
    (UserWarning, "The utterance '.*' is not used in any story or rule"),
]

if __name__ == "__main__":
    main()
