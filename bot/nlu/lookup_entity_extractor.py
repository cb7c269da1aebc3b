"""Entities from lookup tables, by hashing instead of one long regular expression.

What it finds is also a feature for the classifier, so it stands before it in the pipeline.

Rasa's RegexEntityExtractor tries each of 2,000 place names at each character; spaCy's
PhraseMatcher looks each token up (`benchmarks/` has the ratio). The tables stay in Rasa's format.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from typing import Any

import numpy as np
import rasa.shared.utils.io
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import SPACY_DOCS
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.nlu.utils.pattern_utils import read_lookup_table_file
from rasa.nlu.utils.spacy_utils import SpacyModel
from rasa.shared.nlu.constants import (
    ENTITIES,
    ENTITY_ATTRIBUTE_END,
    ENTITY_ATTRIBUTE_START,
    ENTITY_ATTRIBUTE_TYPE,
    ENTITY_ATTRIBUTE_VALUE,
    FEATURE_TYPE_SENTENCE,
    TEXT,
)
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData
from scipy.sparse import csr_matrix
from spacy.language import Language
from spacy.matcher import PhraseMatcher
from spacy.tokens import Doc, Span, Token
from spacy.util import filter_spans

from bot.nlu import one_spacy_model
from bot.nlu.misspelt_names import MisspeltNames
from bot.nlu.normalise import read_writing

one_spacy_model.load_once()

TABLES_FILE = "lookup_tables.json"
HOMOGRAPH = "_homograph"
FUZZY = "_fuzzy"

# Rasa's validator knows only its own extractors and warns that nobody reads the tables.
warnings.filterwarnings("ignore", message="You have defined training data consisting of lookup")


@DefaultV1Recipe.register(
    [
        DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER,
        DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR,
    ],
    is_trainable=True,
    model_from="SpacyNLP",
)
class LookupEntityExtractor(GraphComponent, EntityExtractorMixin):
    """Finds the elements of the training data's lookup tables, whatever their case.

    A table named in `needs_context` holds names that are also ordinary words ("Ski", "Os"): they
    count only as the whole message, or after one of `context_words` where they look like a name.
    Which of its names are ordinary words stands in the lookup table `<name>_homograph`. A number
    ("5003") counts only alone, near one of `number_context_words`, or beside a name of its table:
    else it may be a sum or a year.

    The names in the lookup table `<name>_fuzzy` are also found misspelt (MisspeltNames): alone,
    with a capital, or after one of `fuzzy_context_words`, and never in an ordinary Norwegian word.
    The entity's value is then the name as it should be.
    """

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        return {
            "needs_context": [],
            "context_words": [],
            "number_context_words": [],
            "fuzzy_context_words": [],
        }

    @staticmethod
    def required_packages() -> list[str]:
        return ["rapidfuzz", "spacy"]

    def __init__(
        self,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        tables: dict[str, list[str]],
    ) -> None:
        self._config = config
        self._model_storage = model_storage
        self._resource = resource
        self._tables = tables
        self._homographs = {
            name: {element.casefold() for element in tables.get(name + HOMOGRAPH, [])}
            for name in config["needs_context"]
        }
        self._context_words = set(config["context_words"])
        self._number_context_words = set(config["number_context_words"])
        self._fuzzy_context_words = set(config["fuzzy_context_words"])
        self._misspelt = {
            name.removesuffix(FUZZY): MisspeltNames(elements)
            for name, elements in tables.items()
            if name.endswith(FUZZY)
        }
        self._matcher: PhraseMatcher = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LookupEntityExtractor:
        return cls(config, model_storage, resource, {})

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LookupEntityExtractor:
        with model_storage.read_from(resource) as folder:
            tables = rasa.shared.utils.io.read_json_file(folder / TABLES_FILE)
        return cls(config, model_storage, resource, tables)

    def train(self, training_data: TrainingData, model: SpacyModel) -> Resource:
        for table in training_data.lookup_tables:
            elements = table["elements"]
            if isinstance(elements, str):
                elements = read_lookup_table_file(elements)
            self._tables[table["name"]] = elements
        with self._model_storage.write_to(self._resource) as folder:
            rasa.shared.utils.io.dump_obj_as_json_to_file(folder / TABLES_FILE, self._tables)
        return self._resource

    def process_training_data(self, training_data: TrainingData, model: SpacyModel) -> TrainingData:
        for message in training_data.training_examples:
            self._featurize(message, self._find(message, model.model))
        return training_data

    def process(self, messages: list[Message], model: SpacyModel) -> list[Message]:
        for message in messages:
            spans = self._find(message, model.model)
            found = self.add_extractor_name([self._entity(span) for span in spans])
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
            self._featurize(message, spans)
        return messages

    def _find(self, message: Message, nlp: Language) -> list[Span]:
        doc = message.get(SPACY_DOCS[TEXT])
        if doc is None:  # a button's payload has been parsed already
            return []
        if self._matcher is None:
            self._matcher = self._build_matcher(nlp)
        return self._spans(doc, nlp)

    def _featurize(self, message: Message, spans: list[Span]) -> None:
        """Tell the classifier which entities there are: one column for each type that is in the
        message, one for each that is the whole message ("Herøy" is a place given)."""
        if message.get(SPACY_DOCS[TEXT]) is None:
            return
        names = sorted(name for name in self._tables if not name.endswith((HOMOGRAPH, FUZZY)))
        row = np.zeros((1, 2 * len(names)), dtype=np.float32)
        for span in spans:
            column = names.index(span.label_)
            row[0, column] = 1
            row[0, len(names) + column] = self._is_whole_message(span)
        message.add_features(
            Features(csr_matrix(row), FEATURE_TYPE_SENTENCE, TEXT, type(self).__name__)
        )

    def _build_matcher(self, nlp: Language) -> PhraseMatcher:
        matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
        for name, elements in self._tables.items():
            if not name.endswith((HOMOGRAPH, FUZZY)):
                matcher.add(name, list(nlp.tokenizer.pipe(elements)))
        return matcher

    def _spans(self, doc: Doc, nlp: Language) -> list[Span]:
        found = self._matcher(doc, as_spans=True)
        numbers = {(span.label_, span.start) for span in found if span.text.isdigit()}
        names = {(span.label_, span.start) for span in found} - numbers
        meant = [span for span in found if self._is_meant(span, names, numbers, nlp)]
        taken = {token.i for span in found for token in span}
        for token in doc:
            if token.i not in taken and self._may_be_a_name(token):
                meant += self._misspelt_names(token)
        return filter_spans(meant)

    def _may_be_a_name(self, token: Token) -> bool:
        if token.lower_ in read_writing().words:
            return False
        alone = sum(not other.is_punct for other in token.doc) == 1
        before_mark = token.i + 1 < len(token.doc) and token.nbor().is_punct
        capital = token.is_title and (token.i > 0 or before_mark)
        after = token.i > 0 and token.doc[token.i - 1].lower_ in self._fuzzy_context_words
        return alone or capital or after

    def _misspelt_names(self, token: Token) -> Iterator[Span]:
        for label, names in self._misspelt.items():
            name = names.meant_by(token.text)
            if name:
                yield Span(token.doc, token.i, token.i + 1, label, kb_id=name)

    def _is_meant(
        self,
        span: Span,
        name_starts: set[tuple[str, int]],
        number_starts: set[tuple[str, int]],
        nlp: Language,
    ) -> bool:
        number = span.text.isdigit()
        ordinary_word = span.text.casefold() in self._homographs.get(span.label_, ())
        if not (number or ordinary_word):
            return True
        if self._is_whole_message(span):
            return True
        before = span.doc[span.start - 1].lower_ if span.start else None
        if number:
            nearby = {token.lower_ for token in span.doc[max(0, span.start - 3) : span.start]}
            if span.doc[span.end : span.end + 1].text.lower() == "er":  # "4370 er postnummeret"
                nearby |= {token.lower_ for token in span.doc[span.end : span.end + 2]}
            return bool(nearby & self._number_context_words) or bool(
                {(span.label_, span.end), (span.label_, span.start - 1)} & name_starts
            )
        if (span.label_, span.end) in number_starts:  # "Son 1555"
            return True
        if before not in self._context_words:
            return False
        return span.text[:1].isupper() or self._is_proper_noun(span, nlp)

    @staticmethod
    def _is_proper_noun(span: Span, nlp: Language) -> bool:
        read = one_spacy_model.analysed(nlp, span.doc)
        return read[span.start : span.end].root.pos_ == "PROPN"

    @staticmethod
    def _is_whole_message(span: Span) -> bool:
        return len(span) == sum(not token.is_punct for token in span.doc)

    @staticmethod
    def _entity(span: Span) -> dict[str, Any]:
        return {
            ENTITY_ATTRIBUTE_TYPE: span.label_,
            ENTITY_ATTRIBUTE_START: span.start_char,
            ENTITY_ATTRIBUTE_END: span.end_char,
            ENTITY_ATTRIBUTE_VALUE: span.kb_id_ or span.text,
        }
