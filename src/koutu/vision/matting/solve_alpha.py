"""Alpha from a trimap: the matting Laplacian with large kernels, solved without building the matrix.

Levin, Lischinski and Weiss, "A Closed-Form Solution to Natural Image Matting" (2008), in the form of He, Sun and Tang, "Fast
Matting Using Large Kernel Matting Laplacian Matrices" (2010): the product of the Laplacian with an alpha is a guided filter's
residual, a handful of box filters, so conjugate gradients need neither a sparse matrix nor a factorisation.
"""

import cv2
import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def solve_alpha(
    image: Floats,
    prior: Floats,
    trust: Floats,
    *,
    radius: int = 2,
    epsilon: float = 1e-5,
    iterations: int = 60,
    tolerance: float = 2e-3,
) -> Floats:
    """Find the alpha that is locally linear in colour and near the prior where the prior is trusted.

    Args:
        image: float32 (h, w, 3), 0..1.
        prior: float32 (h, w), 0..1, the alpha that is known or supposed.
        trust: float32 (h, w), how strongly the prior holds: 0 = not at all, 100 = certainly.
        radius: of the kernel's windows in pixels.
        epsilon: variance of colours (0..1) below which they count as one.
        iterations: at most so many steps of conjugate gradients.
        tolerance: stop when the residual has fallen to this share of the first one.

    Returns:
        float32 (h, w), 0..1.
    """
    laplacian = _Laplacian(image, radius, epsilon)
    diagonal = laplacian.diagonal + trust
    alpha: Floats = prior.astype(np.float32)
    residual = trust * (prior - alpha) - laplacian(alpha)
    direction = scaled = residual / diagonal
    energy = first = float(np.vdot(residual, scaled))
    for _ in range(iterations):
        if energy <= tolerance**2 * first or energy == 0:
            break
        image_of = laplacian(direction) + trust * direction
        step = energy / float(np.vdot(direction, image_of))
        alpha += step * direction
        residual -= step * image_of
        scaled = residual / diagonal
        energy, before = float(np.vdot(residual, scaled)), energy
        direction = scaled + (energy / before) * direction
    clipped: Floats = np.clip(alpha, 0, 1)
    return clipped


class _Laplacian:
    """The matting Laplacian of an image, divided by the number of pixels in a window; calling it multiplies."""

    def __init__(self, image: Floats, radius: int, epsilon: float) -> None:
        self._size = (2 * radius + 1, 2 * radius + 1)
        # centred colours keep the variances exact in float32; planes of one colour each are summed much faster than pixels
        centred = image - image.mean(axis=(0, 1))
        self._colours: list[Floats] = [np.ascontiguousarray(centred[..., channel], np.float32) for channel in range(3)]
        self._count = self._sum(np.ones(image.shape[:2], np.float32))
        self._share: Floats = np.reciprocal(self._count)
        self._means: list[Floats] = [self._sum(colour) * self._share for colour in self._colours]
        x, m = self._colours, self._means
        # the determinant is a difference of products of small numbers: float32 would round it to zero in flat places
        rr, rg, rb, gg, gb, bb = (
            (self._sum(x[i] * x[j]) * self._share - m[i] * m[j]).astype(np.float64) + (epsilon if i == j else 0)
            for i, j in ((0, 0), (0, 1), (0, 2), (1, 1), (1, 2), (2, 2))
        )
        c_rr, c_rg, c_rb = gg * bb - gb * gb, gb * rb - rg * bb, rg * gb - gg * rb
        c_gg, c_gb, c_bb = rr * bb - rb * rb, rb * rg - rr * gb, rr * gg - rg * rg
        determinant = np.maximum(rr * c_rr + rg * c_rg + rb * c_rb, epsilon**3)
        self._inverse = [(c / determinant).astype(np.float32) for c in (c_rr, c_rg, c_rb, c_gg, c_gb, c_bb)]
        # every window that holds a pixel adds 1 - (1 + its colour's Mahalanobis distance) / pixels; 1 is bound enough
        self.diagonal = np.ones(image.shape[:2], np.float32)

    def __call__(self, alpha: Floats) -> Floats:
        x, m = self._colours, self._means
        mean: Floats = self._sum(alpha) * self._share
        r, g, b = (self._sum(colour * alpha) * self._share - own * mean for colour, own in zip(x, m, strict=True))
        rr, rg, rb, gg, gb, bb = self._inverse
        slopes = (rr * r + rg * g + rb * b, rg * r + gg * g + gb * b, rb * r + gb * g + bb * b)
        offset = mean.copy()
        for slope, own in zip(slopes, m, strict=True):
            offset -= slope * own
        fitted = self._sum(offset)
        for slope, colour in zip(slopes, x, strict=True):
            fitted += self._sum(slope) * colour
        product: Floats = (self._count * alpha - fitted) * np.float32(1 / self._size[0] ** 2)
        return product

    def _sum(self, array: Floats) -> Floats:
        summed: Floats = cv2.boxFilter(array, -1, self._size, normalize=False, borderType=cv2.BORDER_CONSTANT)
        return summed
