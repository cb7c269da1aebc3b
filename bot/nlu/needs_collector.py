"""One message again of a message and its sentences: what to answer now, what to offer next."""

from __future__ import annotations

from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.crisis_detector import WHY
from bot.nlu.intent_classifier import RANKING_KEY
from bot.nlu.language_extractor import is_foreign

OTHER_NEEDS = "other_needs"
NEEDS = ("need_", "ask_")
# Asked in the conversation itself: nothing to offer afterwards.
NOT_OFFERED = frozenset({"ask_menu", "ask_rephrase", "ask_privacy"})


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class NeedsCollector(GraphComponent):
    """Stands last of the components that read sentences.

    The whole message's intent is answered, unless the whole was unsure (under `sure`) and one of
    its sentences wasn't: then the first sure one is. The further needs of the sentences that are
    `sure` come, in order, under `other_needs`. A message in another language is answered as a wish
    for that language, unless the crisis detector heard something in it: the classifier knows
    Norwegian only, and its guess about other languages says nothing.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {"sure": 0.5, "unsure": 0.35, "most_needs": 3, "ranking_length": 5}

    def __init__(self, config: dict[str, Any]) -> None:
        self._config = config

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> NeedsCollector:
        return cls(config)

    def process(self, messages: list[Message]) -> list[Message]:
        whole, *sentences = messages
        intent = whole.get(INTENT) or {}
        if intent.get("name") and is_foreign(whole) and not whole.get(WHY):
            self._answer(whole, {"name": "change_language", "confidence": 1.0})
        elif intent.get("name"):
            heard = self._needs(sentences)
            if intent["confidence"] < self._config["unsure"] and heard:
                self._answer(whole, heard[0])
            answered = whole.get(INTENT)["name"]
            others = [need["name"] for need in heard if need["name"] != answered]
            whole.set(OTHER_NEEDS, others[: self._config["most_needs"]], add_to_output=True)
        ranking = (whole.get(RANKING_KEY) or [])[: self._config["ranking_length"]]
        whole.set(RANKING_KEY, ranking, add_to_output=True)
        return [whole]

    def _needs(self, sentences: list[Message]) -> list[dict[str, Any]]:
        """The sentences' needs that are sure enough, each once, in the order of the message."""
        found: dict[str, dict[str, Any]] = {}
        for sentence in sentences:
            intent = sentence.get(INTENT) or {}
            name = intent.get("name") or ""
            if (
                name.startswith(NEEDS)
                and name not in NOT_OFFERED
                and intent["confidence"] >= self._config["sure"]
            ):
                found.setdefault(name, intent)
        return list(found.values())

    @staticmethod
    def _answer(message: Message, intent: dict[str, Any]) -> None:
        others = [i for i in message.get(RANKING_KEY) or [] if i["name"] != intent["name"]]
        message.set(INTENT, intent, add_to_output=True)
        message.set(RANKING_KEY, [intent, *others], add_to_output=True)
