"""The nodes along which a sentence's contributions are taken."""

import numpy as np
import pytest

from classifier.scoring.explain import _nodes


def test_nodes_and_weights_are_those_of_gauss_and_legendre():
    x, w = np.polynomial.legendre.leggauss(12)
    nodes, weights = _nodes()
    np.testing.assert_allclose(nodes, (x + 1) / 2, rtol=0, atol=3e-16)
    np.testing.assert_allclose(weights, w / 2, rtol=0, atol=3e-16)


@pytest.mark.parametrize("degree", [0, 1, 12, 23])
def test_they_integrate_any_polynomial_that_twelve_can(degree):
    nodes, weights = _nodes()
    assert weights @ nodes**degree == pytest.approx(1 / (degree + 1), rel=1e-14)
