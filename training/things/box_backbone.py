"""The detector's backbone asked about one box: what is asked enters at stride 4, where the frozen layers end."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional

from training.common.net import Backbone
from training.things.ssd_backbone import SsdBackbone


class BoxBackbone(Backbone):
    """float (N, 3 + extra, H, W) in 0..1, sides divisible by 32 -> SsdBackbone's features, conditioned on the extras.

    The extra channels (box, group, all-or-one) are averaged to stride 4 and added through a 1x1 convolution that
    starts at zero, so training starts from the pretrained features.
    """

    channels = SsdBackbone.channels

    def __init__(self, inner: SsdBackbone, extra: int):
        super().__init__()
        self.inner = inner
        self.ask = nn.Conv2d(extra, 24, 1)
        nn.init.zeros_(self.ask.weight)
        nn.init.zeros_(self.ask.bias)  # type: ignore[arg-type]

    def forward(self, x: Tensor) -> list[Tensor]:
        """The five feature maps; see the class."""
        asked = self.ask(functional.avg_pool2d(x[:, 3:], 4))
        return self.inner(x[:, :3], asked)
