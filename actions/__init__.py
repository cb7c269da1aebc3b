"""Custom actions: `python -m rasa_sdk --actions actions` finds them here."""

from actions.answer import ActionAnswer, ActionOfferAgain, ActionRephrase, ActionUnsure
from actions.language import ActionChangeLanguage
from actions.office import ActionFindOffice
from actions.track import ActionGuideTrack

__all__ = [
    "ActionAnswer",
    "ActionChangeLanguage",
    "ActionFindOffice",
    "ActionGuideTrack",
    "ActionOfferAgain",
    "ActionRephrase",
    "ActionUnsure",
]
