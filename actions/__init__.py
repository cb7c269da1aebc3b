"""Custom actions: `python -m rasa_sdk --actions actions` finds them here."""

from actions.answer import ActionAnswer, ActionOfferAgain, ActionRephrase, ActionUnsure
from actions.office import ActionFindOffice

__all__ = [
    "ActionAnswer",
    "ActionFindOffice",
    "ActionOfferAgain",
    "ActionRephrase",
    "ActionUnsure",
]
