"""The classifier's own arithmetic against scikit-learn's."""

import numpy as np
import pytest
from scipy.sparse import csr_matrix, random
from sklearn.feature_extraction.text import TfidfTransformer

from bot.nlu.features import tfidf


@pytest.mark.parametrize("seed", range(5))
def test_tfidf_is_scikit_learns(seed):
    shape = (20, 50)
    counts = random(*shape, density=0.2, format="csr", random_state=seed, dtype=np.float64)
    counts.data = np.ceil(counts.data * 5)
    counts = csr_matrix(counts.toarray() * (np.arange(20) != 7)[:, None])  # a message of nothing
    weights = TfidfTransformer(sublinear_tf=True).fit(counts)
    wanted = weights.transform(counts).toarray()
    assert np.allclose(tfidf(counts, weights.idf_).toarray(), wanted, atol=1e-6)
