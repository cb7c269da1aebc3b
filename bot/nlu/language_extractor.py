"""Tells the conversation which language, and which written form, the parent writes."""

from __future__ import annotations

import re
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_CONFIDENCE,
    ENTITY_ATTRIBUTE_END,
    ENTITY_ATTRIBUTE_START,
    ENTITY_ATTRIBUTE_TYPE,
    ENTITY_ATTRIBUTE_VALUE,
    EXTRACTOR,
    TEXT,
)
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.language import NORWEGIAN, language_of
from bot.nlu.written_form import nynorsk_probability

MESSAGE_LANGUAGE = "message_language"
ENGLISH = "en"
_WORD = re.compile(r"[^\W\d_]+")


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class LanguageExtractor(GraphComponent):
    """Says which language the message is in (`message_language`) and, where it is Norwegian and
    clear enough, in which written form (`written_form`: nb or nn; en for English, which some
    answers are written in too). Both are entities of the whole message, so that the conversation's
    slots keep them until a later message says otherwise.
    """

    @staticmethod
    def required_packages() -> list[str]:
        return ["py3langid"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"most_nordic": 0.1, "sure_of_form": 0.8, "words_for_form": 3}

    def __init__(self, config: dict[str, Any]) -> None:
        self._config = config

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LanguageExtractor:
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        for message in messages[:1]:
            text = message.get(TEXT)
            if text:
                found = self._entities(text)
                message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages

    def _entities(self, text: str) -> list[dict[str, Any]]:
        language = language_of(text, self._config["most_nordic"])
        found = [_about(MESSAGE_LANGUAGE, language, text, 1.0)]
        nynorsk = nynorsk_probability(text)
        sure = max(nynorsk, 1 - nynorsk)
        enough_words = len(_WORD.findall(text)) >= self._config["words_for_form"]
        if language == NORWEGIAN and enough_words and sure >= self._config["sure_of_form"]:
            found.append(_about("written_form", "nn" if nynorsk > 0.5 else "nb", text, sure))
        elif language == ENGLISH:
            found.append(_about("written_form", ENGLISH, text, 1.0))
        return found


def is_foreign(message: Message) -> bool:
    """Whether LanguageExtractor found the message to be in another language than Norwegian."""
    return any(
        entity[ENTITY_ATTRIBUTE_TYPE] == MESSAGE_LANGUAGE
        and entity[ENTITY_ATTRIBUTE_VALUE] != NORWEGIAN
        for entity in message.get(ENTITIES, [])
    )


def _about(entity: str, value: str, text: str, confidence: float) -> dict[str, Any]:
    return {
        ENTITY_ATTRIBUTE_TYPE: entity,
        ENTITY_ATTRIBUTE_VALUE: value,
        ENTITY_ATTRIBUTE_START: 0,
        ENTITY_ATTRIBUTE_END: len(text),
        ENTITY_ATTRIBUTE_CONFIDENCE: round(confidence, 3),
        EXTRACTOR: LanguageExtractor.__name__,
    }
