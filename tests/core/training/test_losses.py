"""Losses against references written in NumPy from the published formulas."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scarp.core.errors import ScarpError
from scarp.core.training import losses
from scarp.models import Output
from scipy import ndimage

EPS = 1e-7


def batch(kind="mixed", seed=0, size=(3, 8, 12)):
    """Logits, target, valid of one batch, as NumPy arrays."""
    rng = np.random.default_rng(seed)
    logits = rng.normal(0, 2, (size[0], 2, *size[1:]))
    target = np.zeros(size, np.int64)
    if kind == "mixed":  # one chip without landslide, the others with bodies
        target[1, 2:6, 3:9] = 1
        target[2, :, 8:] = 1
        target[2, 0, 0] = 1
    elif kind == "full":
        target[:] = 1
    valid = rng.random(size) > 0.2
    return logits, target, valid


def softmax(logits):
    e = np.exp(logits - logits.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


class Reference:
    """Every loss, slowly."""

    def __init__(self, logits, target, valid):
        p = softmax(logits)
        self.y = [(target == 0) & valid, (target == 1) & valid]
        self.p = [p[:, 0], p[:, 1]]
        self.log = [np.log(np.clip(q, EPS, 1 - EPS)) for q in self.p]
        self.valid, self.n, self.target = valid, valid.sum(), target

    def weighted(self, w):
        """½ mean Σ w_c y_c (-log p_c), w one array or number a class."""
        return 0.5 * sum((w[c] * self.y[c] * -self.log[c]).sum() for c in (0, 1)) / self.n

    def ce(self, scale=1.0):
        return self.weighted((scale, 1.0))

    def wce(self, weights=None):
        w = weights or [1 / max(y.sum(), 1) for y in self.y]
        top = sum((w[c] * self.y[c] * -self.log[c]).sum() for c in (0, 1))
        return top / sum(w[c] * self.y[c].sum() for c in (0, 1))

    def bce(self):
        v = np.clip(self.p[1], EPS, 1 - EPS)[self.valid]
        y = self.target[self.valid]
        return -(y * np.log(v) + (1 - y) * np.log(1 - v)).mean()

    def focal(self, gamma=2.0, scale=(1, 1), form="ait", alpha=0.25):
        if form == "ait":
            return self.weighted([scale[c] * (1 - self.p[c]) ** gamma for c in (0, 1)])
        pt = np.where(self.target == 1, self.p[1], self.p[0])[self.valid]
        at = np.where(self.target == 1, alpha, 1 - alpha)[self.valid]
        return (-at * (1 - pt) ** gamma * np.log(np.clip(pt, EPS, 1 - EPS))).mean()

    def dice(self):
        y, v = self.y[1].sum(), self.p[1][self.valid].sum()
        return 1 - (2 * self.p[1][self.y[1]].sum() + EPS) / (y + v + EPS)

    def logcosh(self, scale=(0.8, 1)):
        terms = [scale[c] * np.log(np.cosh((self.p[c] - self.y[c]) ** 2))[self.valid].sum() for c in (0, 1)]
        return 0.5 * sum(terms) / self.n

    def iou(self, form="log"):
        each = []
        for c in (0, 1):
            inter = self.p[c][self.y[c]].sum()
            union = self.y[c].sum() + self.p[c][self.valid].sum() - inter
            ratio = (inter + EPS) / (union + EPS)
            each.append(-np.log(ratio) if form == "log" else 1 - ratio)
        return np.mean(each)

    def tversky(self, alpha=0.75, beta=0.75):
        each = []
        for c in (0, 1):
            tp, fn = self.p[c][self.y[c]].sum(), (1 - self.p[c])[self.y[c]].sum()
            fp = self.p[c][self.valid & ~self.y[c]].sum()
            each.append(-np.log((tp + EPS) / (tp + alpha * fp + beta * fn + EPS)))
        return np.mean(each)

    def lovasz(self, form="ait"):
        each = []
        for c in (0, 1):
            y, p = self.y[c][self.valid].astype(float), self.p[c][self.valid]
            if form == "softmax" and not y.any():
                continue
            errors = np.abs(y - p) ** (0.5 if form == "ait" else 1)
            mistaken = np.zeros(len(y), bool)
            value, before = 0.0, 0.0
            for i in np.argsort(-errors):  # the pixels join the mistaken ones, worst first
                mistaken[i] = True
                inter, union = (y[~mistaken]).sum(), (np.maximum(y, mistaken)).sum()
                now = -np.log((inter + EPS) / (union + EPS)) if form == "ait" else 1 - inter / union
                value += errors[i] * (now - before)
                before = now
            each.append(value)
        return np.mean(each)

    def distances(self):
        """Brute force: every pixel against every valid pixel of the other class."""
        d = np.zeros(self.target.shape)
        for b in range(len(d)):
            for c in (0, 1):
                own, other = np.argwhere(self.y[c][b]), np.argwhere(self.y[1 - c][b])
                for i, j in own if len(other) else []:
                    d[b, i, j] = np.sqrt(((other - (i, j)) ** 2).sum(1)).min()
        return d

    def both(self):
        return np.array([self.y[0][b].any() and self.y[1][b].any() for b in range(len(self.target))])[:, None, None]

    def center(self):
        w = np.where(self.both(), self.distances() + 1, 1.0)
        return self.weighted((w, w))

    def boundary(self):
        d = self.distances() + 1
        w = []
        for c, scale in ((0, 0.8), (1, 1.0)):
            top = np.where(self.y[c], d, 1).max((1, 2), keepdims=True)
            w.append(np.where(self.both(), np.where(d < 4.5, top, 1.0) * scale, 1.0))
        return self.weighted(w)


CASES = [
    ("ce", {}), ("ce", {"scale": 0.3}), ("wce", {}), ("wce", {"weights": [1.0, 20.0]}), ("bce", {}), ("focal", {}),
    ("focal", {"gamma": 1.5, "scale": [0.25, 2.0]}), ("focal", {"form": "lin"}), ("dice", {}), ("logcosh", {}),
    ("iou", {}), ("iou", {"form": "linear"}), ("tversky", {}), ("tversky", {"alpha": 0.3, "beta": 0.7}), ("lovasz", {}),
    ("lovasz", {"form": "softmax"}), ("boundary", {}), ("center", {}),
]  # fmt: skip


@pytest.mark.parametrize("kind", ["mixed", "empty", "full"])
@pytest.mark.parametrize(("name", "options"), CASES)
def test_loss_equals_its_formula(name, options, kind):
    logits, target, valid = batch(kind)
    expected = getattr(Reference(logits, target, valid), name)(**options)
    loss = losses.create(name, **options)
    arguments = torch.tensor(target), torch.tensor(valid)
    assert loss(torch.tensor(logits), *arguments).item() == pytest.approx(expected, rel=1e-7)  # distances are float32
    assert loss(torch.tensor(logits).float(), *arguments).item() == pytest.approx(expected, rel=3e-5)


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("focal_iou", ["focal", "iou"]),
        ("ce_iou", ["ce", "iou"]),
        ("focal_iou_center", ["focal", "iou", "center"]),
        ("focal_dice", ["focal", "dice"]),
    ],
)
def test_sums_weigh_their_parts(name, parts):
    logits, target, valid = batch()
    values = [getattr(Reference(logits, target, valid), part)() for part in parts]
    arguments = torch.tensor(logits), torch.tensor(target), torch.tensor(valid)
    assert losses.create(name)(*arguments).item() == pytest.approx(sum(values))
    weighted = 0.3 * values[0] + 0.7 * sum(values[1:])
    assert losses.create(name, alpha=0.3)(*arguments).item() == pytest.approx(weighted)


@pytest.mark.parametrize("name", losses.names())
def test_gradient_is_that_of_the_value(name):
    logits, target, valid = batch(size=(3, 4, 9))
    loss, arguments = losses.create(name), (torch.tensor(target), torch.tensor(valid))
    assert torch.autograd.gradcheck(lambda x: loss(x, *arguments), torch.tensor(logits, requires_grad=True))


@pytest.mark.parametrize("dtype", [torch.float16, torch.bfloat16, torch.float32])
@pytest.mark.parametrize("name", losses.names())
def test_extremes_stay_finite(name, dtype):
    loss = losses.create(name)
    for kind in ("mixed", "empty", "full"):
        logits, target, valid = batch(kind)
        for scale in (0.0, 1.0, 3e3, -3e3):
            for mask in (valid, np.zeros_like(valid), None):
                x = torch.tensor(logits * scale).to(dtype).requires_grad_()
                value = loss(x, torch.tensor(target), None if mask is None else torch.tensor(mask))
                value.backward()
                assert torch.isfinite(value), (kind, scale)
                assert torch.isfinite(x.grad).all(), (kind, scale)
                if mask is not None and not mask.any():
                    assert not x.grad.any()


@pytest.mark.parametrize("name", losses.names())
def test_invalid_pixels_have_no_say(name):
    logits, target, valid = batch()
    loss = losses.create(name)
    x = torch.tensor(logits, requires_grad=True)
    value = loss(x, torch.tensor(target), torch.tensor(valid))
    value.backward()
    assert not x.grad.movedim(1, 3)[torch.tensor(~valid)].any()
    # A label that is neither 0 nor 1 says the same as the mask.
    other = np.where(valid, target, 255)
    changed = np.where(valid[:, None], logits, 7.0)
    assert loss(torch.tensor(changed), torch.tensor(other)).item() == pytest.approx(value.item(), rel=1e-12)


@pytest.mark.parametrize("name", losses.names())
def test_descending_learns(name):
    _, target, _ = batch()
    logits = torch.zeros(3, 2, 8, 12, requires_grad=True)
    loss, optimizer = losses.create(name), torch.optim.Adam([logits], 0.1)
    for _ in range(100):
        optimizer.zero_grad()
        loss(logits, torch.tensor(target)).backward()
        optimizer.step()
    assert (logits.argmax(1).numpy() == target).mean() > 0.99


def test_given_distance_replaces_the_computed_one():
    logits, target, _ = batch()
    distance = np.stack([losses.distance_to_other_class(chip.astype(np.uint8)) for chip in target])
    for name in ("center", "boundary", "focal_iou_center"):
        loss = losses.create(name)
        assert loss.uses_distance
        arguments = torch.tensor(logits), torch.tensor(target), None
        assert loss(*arguments).item() == pytest.approx(loss(*arguments, torch.tensor(distance)).item())
        assert loss(*arguments, torch.tensor(distance + 0.25)).item() > loss(*arguments).item() * 1.001
    assert not losses.create("focal_iou").uses_distance


def test_distance_is_euclidean_and_ignores_unscored_pixels():
    target = (np.random.default_rng(3).random((20, 30)) > 0.7).astype(np.uint8)
    expected = np.where(target == 1, ndimage.distance_transform_edt(target), ndimage.distance_transform_edt(1 - target))
    np.testing.assert_allclose(losses.distance_to_other_class(target), expected, rtol=1e-6)
    line = np.array([[0, 255, 255, 1]], np.uint8)
    np.testing.assert_array_equal(losses.distance_to_other_class(line), [[3, 0, 0, 3]])
    assert not losses.distance_to_other_class(np.ones((4, 4), np.uint8)).any()


def output(seed=0):
    generator = torch.Generator().manual_seed(seed)
    sizes = [(2, 2, 8, 8), (2, 2, 16, 16), (2, 2, 4, 4), (2, 2)]
    return Output(*(torch.randn(size, generator=generator, dtype=torch.float64) for size in sizes))


def test_multiresolution_weighs_three_sizes():
    out, loss = output(), losses.create("focal_iou")
    target = torch.zeros(2, 8, 8, dtype=torch.int64)
    target[0, 2:5, 3:8] = 1
    double = target.repeat_interleave(2, 1).repeat_interleave(2, 2)
    expected = (
        0.25 * loss(out.double, double) + 0.5 * loss(out.mask, target) + 0.25 * loss(out.half, target[:, ::2, ::2])
    )
    assert losses.multiresolution(loss)(out, target).item() == pytest.approx(expected.item())
    with pytest.raises(ScarpError, match="multires"):
        losses.for_head("multires", loss)(Output(out.mask), target)


def test_area_pooling_keeps_a_slide_of_one_pixel():
    target = torch.zeros(2, 8, 8, dtype=torch.int64)
    target[0, 3, 3] = 1  # not on the lattice that nearest neighbour takes
    half = torch.zeros(2, 2, 4, 4, requires_grad=True)
    out = Output(torch.zeros(2, 2, 8, 8), torch.zeros(2, 2, 16, 16), half)
    for area, keeps in ((False, False), (True, True)):
        half.grad = None
        losses.multiresolution(losses.create("ce"), area=area)(out, target).backward()
        wanted = half.grad[0, 1, 1, 1] < half.grad[0, 1, 0, 0] - 1e-9
        assert bool(wanted) is keeps


def test_dual_adds_the_presence_of_scored_landslides():
    out, loss = output(), losses.create("ce")
    target = torch.zeros(2, 8, 8, dtype=torch.int64)
    target[0, 2, 2] = target[1, 2, 2] = 1
    valid = torch.ones(2, 8, 8, dtype=torch.bool)
    valid[1, 2, 2] = False
    extra = torch.nn.functional.cross_entropy(out.presence.float(), torch.tensor([1, 0]))
    expected = loss(out.mask, target, valid) + 0.5 * extra
    found = losses.for_head("dual", loss, presence_weight=0.5)(out, target, valid)
    assert found.item() == pytest.approx(expected.item(), rel=1e-6)


@pytest.mark.parametrize(
    ("name", "options", "words"),
    [
        ("focl", {}, "focal_iou"),
        ("dice", {"gamma": 2}, "no option gamma"),
        ("focal", {"alpha": 0.5}, "lin"),
        ("focal", {"gamma": 0.5}, "0.5"),
        ("focal_iou", {"alpha": 1.5}, "1.5"),
        ("iou", {"form": "square"}, "square"),
    ],
)
def test_wrong_requests_say_what_is_right(name, options, words):
    with pytest.raises(ScarpError, match=words):
        losses.create(name, **options)


def test_shapes_that_do_not_fit_are_named():
    with pytest.raises(ScarpError, match=r"\(1, 4, 4\)"):
        losses.create("ce")(torch.zeros(1, 2, 8, 8), torch.zeros(1, 4, 4, dtype=torch.int64))
