"""The joined model's own arithmetic against scikit-learn's."""

import numpy as np
import pytest
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from scipy.sparse import csr_matrix, hstack, random
from scipy.special import log_softmax
from sklearn.feature_extraction.text import TfidfTransformer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import StandardScaler
from sklearn.svm import LinearSVC

from bot.nlu.joined_model import JoinedModel

COUNT, TERMS = 60, (40, 90)


@pytest.fixture(params=range(3))
def drawn(request):
    """Counts of two featurizers, vectors and labels, as drawn by a seed."""
    rng = np.random.default_rng(request.param)
    blocks = []
    for terms in TERMS:
        counts = random(COUNT, terms, density=0.2, format="csr", random_state=request.param)
        counts.data = np.ceil(counts.data * 5)
        blocks.append(csr_matrix(counts.toarray() * (np.arange(COUNT) != 7)[:, None]))  # one empty
    vectors = rng.normal(3, 2, (COUNT, 8)).astype(np.float32)
    labels = rng.choice(["a", "b", "c"], COUNT).tolist()
    return blocks, vectors, labels


def _messages(blocks, vectors=None):
    messages = []
    for row in range(COUNT):
        message = Message({TEXT: "x"})
        for number, block in enumerate(blocks):
            counts = block[row] if number else block[row].tocoo()  # Rasa's come in either form
            message.add_features(Features(counts, FEATURE_TYPE_SENTENCE, TEXT, f"counts {number}"))
        if vectors is not None:
            message.add_features(
                Features(vectors[row : row + 1], FEATURE_TYPE_SENTENCE, TEXT, "vector")
            )
        messages.append(message)
    return messages


def _fitted(messages, labels):
    model = JoinedModel(temperature=3.0)
    model.fit(messages, labels, C=1.0, dense_C=0.5, dense_class_weight=None, random_state=1)
    return model


def test_it_judges_as_scikit_learn_does(drawn, tmp_path):
    blocks, vectors, labels = drawn
    messages = _messages(blocks, vectors)
    _fitted(messages, labels).save(tmp_path / "model.npz")
    model = JoinedModel.load(tmp_path / "model.npz", temperature=3.0)

    weighed = hstack([TfidfTransformer(sublinear_tf=True).fit_transform(b) for b in blocks])
    svm = LinearSVC(C=1.0, class_weight="balanced", random_state=1).fit(weighed, labels)
    regression = make_pipeline(StandardScaler(), LogisticRegression(C=0.5, max_iter=500))
    regression.fit(vectors, labels)
    assert model.labels == svm.classes_.tolist()
    written, meant = model.judge(messages)
    wanted = log_softmax(3.0 * svm.decision_function(weighed), axis=1)
    assert np.allclose(written, wanted, atol=1e-3)
    assert np.allclose(meant, regression.predict_log_proba(vectors), atol=1e-3)


def test_a_message_without_a_vector_is_judged_by_how_it_is_written(drawn):
    blocks, vectors, labels = drawn
    model = _fitted(_messages(blocks, vectors), labels)
    both = model.judge(_messages(blocks, vectors))
    alone = model.judge(_messages(blocks))
    assert len(both) == 2 and len(alone) == 1
    assert np.allclose(alone[0], both[0])


def test_two_labels_are_refused(drawn):
    blocks, vectors, labels = drawn
    with pytest.raises(ValueError, match="three labels"):
        _fitted(_messages(blocks, vectors), ["a" if label == "a" else "b" for label in labels])


def test_a_tampered_file_runs_no_code(tmp_path):
    path = tmp_path / "model.npz"
    np.savez(path, labels=np.array([object()], dtype=object))
    with pytest.raises(ValueError, match="allow_pickle"):
        JoinedModel.load(path, temperature=3.0)
