"""Hears a crisis that the intent classifier missed: by known signs, and by a model of its own."""

from __future__ import annotations

from typing import Any

import numpy as np
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.special import log_softmax, softmax

from bot.nlu.crisis_lexicon import read_lexicon
from bot.nlu.features import has_sparse
from bot.nlu.intent_classifier import RANKING_KEY
from bot.nlu.joined_model import JoinedModel
from bot.nlu.language_extractor import is_foreign
from bot.nlu.sentence_splitter import CALM_SENTENCE

CRISIS_PREFIX = "crisis_"
NONE = "none"
MODEL_FILE = "crisis_detector.npz"
WHY = "crisis_signs"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class CrisisDetector(GraphComponent):
    """Raises a message to a crisis; never lowers one.

    It reads the whole message and each of its sentences (SentenceSplitter puts them behind it).
    A crisis is heard where

    * a sign of the lexicon stands in a sentence (data/crisis), unless the whole message's
      probability of a crisis is under `sign_threshold`: "han slo meg" in what is told as long over,
      or
    * the probability that its own model and the classifier's ranking give to all kinds of crisis
      together reaches `threshold` for the whole (`foreign_threshold` where LanguageExtractor,
      which stands before, found another language), or `sentence_threshold` for one sentence.

    The kind is the likeliest of those heard. What was heard stands under
    `crisis_signs`, for reports; it isn't shown to the parent. Without a classifier, or where the
    classifier gave no ranking, the own model decides alone.
    """

    @staticmethod
    def required_packages() -> list[str]:
        return ["sklearn"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "threshold": 0.2,
            "foreign_threshold": 0.2,
            "sentence_threshold": 0.98,
            "sign_threshold": 0.02,
            "confidence": 0.51,
            "C": 1.0,
            "temperature": 3.0,
            "dense_C": 0.02,
            "random_state": 42,
        }

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        model: JoinedModel | None = None,
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._model = model or JoinedModel(config["temperature"])
        self._lexicon = read_lexicon()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> CrisisDetector:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> CrisisDetector:
        with model_storage.read_from(resource) as folder:
            model = JoinedModel.load(folder / MODEL_FILE, config["temperature"])
        return cls(config, model_storage, resource, model)

    def train(self, training_data: TrainingData) -> Resource:
        examples = [
            example
            for example in training_data.training_examples
            if example.get(TEXT) and (example.get(INTENT) or example.get(CALM_SENTENCE))
        ]
        kinds = [_kind(example.get(INTENT) or NONE) for example in examples]
        self._model.fit(
            examples,
            kinds,
            C=self._config["C"],
            dense_C=self._config["dense_C"],
            dense_class_weight=None,
            random_state=self._config["random_state"],
        )
        with self._model_storage.write_to(self._resource) as folder:
            self._model.save(folder / MODEL_FILE)
        return self._resource

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        return training_data

    def process(self, messages: list[Message]) -> list[Message]:
        read = [message for message in messages if has_sparse(message)]
        if read:
            self._hear(messages[0], read)
        return messages

    def _hear(self, whole: Message, read: list[Message]) -> None:
        """Look for a crisis in the messages that were `read`, the whole and its sentences."""
        sentences = [m.get(TEXT) for m in read if m is not whole] or [whole.get(TEXT)]
        signs = {sign: None for text in sentences for sign in self._lexicon.find(text)}
        scores = self._scores(read)
        likely = 1 - scores[0][self._kinds.index(NONE)] >= self._config["sign_threshold"]
        of_message = "foreign_threshold" if is_foreign(whole) else "threshold"
        thresholds = {
            "message": self._config[of_message],
            "sentence": self._config["sentence_threshold"],
        }
        # The model reads Norwegian only: about signs in other languages it isn't asked.
        why = [{"sign": sign.id, "kind": sign.kind} for sign in signs if likely or sign.is_foreign]
        for message, score in zip(read, scores, strict=True):
            crisis = float(1 - score[self._kinds.index(NONE)])
            part = "message" if message is whole else "sentence"
            if crisis >= thresholds[part]:
                kind = max(self._crises, key=lambda name: score[self._kinds.index(name)])
                why.append({"sign": f"{part}: {crisis:.3f}", "kind": kind})
        # Words in another language tell the kind better than the model, which knows Norwegian.
        said = next((sign.kind for sign in signs if sign.is_foreign), None)
        if why:
            self._raise(whole, why, scores[0], said)
        intent = whole.get(INTENT) or {}
        if (intent.get("name") or "").startswith(CRISIS_PREFIX):
            # No fallback threshold may turn a crisis away, however unsure it is.
            intent["confidence"] = max(intent["confidence"], self._config["confidence"])

    def _raise(
        self, whole: Message, why: list[dict[str, str]], score: np.ndarray, said: str | None
    ) -> None:
        whole.set(WHY, why, add_to_output=True)
        intent = whole.get(INTENT) or {}
        if (intent.get("name") or "").startswith(CRISIS_PREFIX) and said is None:
            return
        ranking = whole.get(RANKING_KEY) or []
        least = max([self._config["confidence"], *(i["confidence"] for i in ranking)])
        likeliest = max(
            (sign["kind"] for sign in why), key=lambda name: score[self._kinds.index(name)]
        )
        kind = said or likeliest
        raised = {"name": kind, "confidence": least}
        others = [i for i in ranking if i["name"] != raised["name"]]
        whole.set(INTENT, raised, add_to_output=True)
        whole.set(RANKING_KEY, [raised, *others], add_to_output=True)

    @property
    def _kinds(self) -> list[str]:
        return self._model.labels

    @property
    def _crises(self) -> list[str]:
        return [kind for kind in self._kinds if kind != NONE]

    def _scores(self, messages: list[Message]) -> np.ndarray:
        """Probabilities (messages, kinds): the geometric mean of all that judge."""
        judged = self._model.judge(messages)
        rankings = [self._ranked(message) for message in messages]
        if all(ranked is not None for ranked in rankings):
            judged.append(np.log(np.maximum(rankings, 1e-9)))
        return softmax(log_softmax(sum(judged) / len(judged), axis=1), axis=1)

    def _ranked(self, message: Message) -> list[float] | None:
        """The classifier's probabilities by kind; None where it gave none."""
        ranking = message.get(RANKING_KEY)
        if not ranking:
            return None
        found = dict.fromkeys(self._kinds, 0.0)
        for intent in ranking:
            found[_kind(intent["name"])] += intent["confidence"]
        return list(found.values())


def _kind(intent: str) -> str:
    return intent if intent.startswith(CRISIS_PREFIX) else NONE
