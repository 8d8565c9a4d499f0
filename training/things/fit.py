"""The training loop of the things heads: AdamW, one-cycle rate, bf16 autocast, averaged weights, checkpoints."""

from __future__ import annotations

import copy
import json
import queue
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

Sample = tuple[np.ndarray, np.ndarray]  # uint8 channels-last input, integer target


def fit(
    net: nn.Module,
    samples: Iterator[Sample],
    loss_of: Callable[[Tensor, Tensor], Tensor],
    validate: Callable[[nn.Module], dict[str, float]],
    out: Path,
    steps: int,
    batch: int,
    rate: float,
) -> None:
    """Train in place and write the averaged weights to ``out``, with the validation figures beside it as JSON."""
    net = net.to(memory_format=torch.channels_last)
    groups = parameter_groups(net, rate)
    optimizer = torch.optim.AdamW(groups)
    peaks = [float(g["lr"]) for g in optimizer.param_groups]
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, peaks, total_steps=steps, pct_start=0.06)
    average = copy.deepcopy(net)
    batches = _prefetch(samples, batch)
    net.train()
    begun, running = time.monotonic(), 0.0
    for step in range(1, steps + 1):
        images, targets = batches.get()
        with torch.autocast("cpu", torch.bfloat16):
            logits = net(images)
        loss = loss_of(logits.float(), targets)
        optimizer.zero_grad(set_to_none=True)
        loss.backward()  # type: ignore[no-untyped-call]
        torch.nn.utils.clip_grad_norm_(net.parameters(), 2.0)
        optimizer.step()
        schedule.step()
        _average(average, net, min(0.998, step / (step + 20)))
        running = loss.item() if step == 1 else 0.98 * running + 0.02 * loss.item()
        if step % 25 == 0:
            seconds = time.monotonic() - begun
            print(f"step {step}/{steps} loss {running:.4f} {seconds / step:.2f} s/step", flush=True)
        if step % 300 == 0:
            torch.save(average.state_dict(), out)
    torch.save(average.state_dict(), out)
    average.eval()
    figures = validate(average)
    print(json.dumps(figures, indent=1))
    out.with_suffix(".json").write_text(json.dumps(figures, indent=1))


def parameter_groups(net: nn.Module, rate: float, backbone_share: float = 0.3) -> list[dict[str, object]]:
    """The pretrained backbone learns slower than the decoder; one-dimensional parameters are not decayed."""
    backbone = net.backbone
    assert isinstance(backbone, nn.Module)
    inside = {id(p) for p in backbone.parameters()}
    groups: dict[tuple[bool, bool], list[nn.Parameter]] = {}
    for p in filter(lambda p: p.requires_grad, net.parameters()):
        groups.setdefault((id(p) in inside, p.ndim > 1), []).append(p)
    return [
        {"params": ps, "lr": rate * (backbone_share if pre else 1.0), "weight_decay": 0.02 if decay else 0.0}
        for (pre, decay), ps in groups.items()
    ]


@torch.no_grad()
def _average(average: nn.Module, net: nn.Module, keep: float) -> None:
    mine, theirs = average.state_dict(), net.state_dict()
    floats = [k for k, v in mine.items() if v.is_floating_point()]
    torch._foreach_lerp_([mine[k] for k in floats], [theirs[k] for k in floats], 1 - keep)


def _prefetch(samples: Iterator[Sample], batch: int) -> queue.Queue[tuple[Tensor, Tensor]]:
    ready: queue.Queue[tuple[Tensor, Tensor]] = queue.Queue(maxsize=3)

    def work() -> None:
        while True:
            drawn = [next(samples) for _ in range(batch)]
            images = torch.from_numpy(np.stack([x for x, _ in drawn])).permute(0, 3, 1, 2).float() / 255
            targets = torch.from_numpy(np.stack([y for _, y in drawn]).astype(np.int64))
            ready.put((images.contiguous(memory_format=torch.channels_last), targets))

    threading.Thread(target=work, daemon=True).start()
    return ready
