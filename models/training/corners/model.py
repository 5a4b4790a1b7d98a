"""The corner network. In: one letterboxed RGB picture. Out: maps at a quarter of its size.

Output channels, as logits or plain values, each SIDE / STRIDE squared:
  0     inside a document
  1     a corner of a document lies in this cell or beside it
  2, 3  where in the cell the corner lies: x and y from the cell's centre, in cells

Only convolutions, ReLU, addition and, for upsampling, reshape and transpose: what every engine reads.
"""

import torch
from torch import nn

SIDE = 192
STRIDE = 4
CELLS = SIDE // STRIDE
CHANNELS = 4


def conv(inputs, outputs, kernel=3, stride=1, groups=1, relu=True):
    layers = [
        nn.Conv2d(inputs, outputs, kernel, stride, kernel // 2, groups=groups, bias=False),
        nn.BatchNorm2d(outputs),
    ]
    if relu:
        layers.append(nn.ReLU(inplace=True))
    return nn.Sequential(*layers)


class Residual(nn.Module):
    """Depthwise, pointwise, added to what came in."""

    def __init__(self, channels, kernel=3):
        super().__init__()
        self.body = nn.Sequential(
            conv(channels, channels, kernel, groups=channels), conv(channels, channels, 1, relu=False)
        )

    def forward(self, x):
        return torch.relu(x + self.body(x))


class Up(nn.Module):
    """Twice the size: a pointwise layer whose outputs are dealt out to the four places of each cell."""

    def __init__(self, inputs, outputs, side):
        super().__init__()
        self.deal = conv(inputs, outputs * 4, 1, relu=False)
        self.outputs, self.side = outputs, side

    def forward(self, x):
        x = self.deal(x).reshape(-1, self.outputs, 2, 2, self.side, self.side)
        return x.permute(0, 1, 4, 2, 5, 3).reshape(-1, self.outputs, 2 * self.side, 2 * self.side)


class CornerNet(nn.Module):
    def __init__(self):
        super().__init__()
        self.at48 = nn.Sequential(
            nn.Conv2d(3, 24, 6, STRIDE, 1, bias=False), nn.BatchNorm2d(24), nn.ReLU(inplace=True), Residual(24)
        )
        self.at24 = nn.Sequential(conv(24, 48, stride=2), Residual(48), Residual(48))
        self.at12 = nn.Sequential(conv(48, 80, stride=2), Residual(80, 5), Residual(80, 5))
        self.at6 = nn.Sequential(
            conv(80, 80, 3, stride=2, groups=80), conv(80, 112, 1), Residual(112, 5), Residual(112, 5)
        )
        self.up12, self.mix12 = Up(112, 80, 6), Residual(80, 5)
        self.up24, self.mix24 = Up(80, 48, 12), Residual(48, 5)
        self.up48, self.mix48 = Up(48, 24, 24), Residual(24, 5)
        self.head = nn.Conv2d(24, CHANNELS, 1)
        # Corners are rare: without this the first steps are spent on learning that.
        nn.init.constant_(self.head.bias[1:2], -4.0)

    def forward(self, x):
        a = self.at48(x)
        b = self.at24(a)
        c = self.at12(b)
        x = self.at6(c)
        x = self.mix12(torch.relu(self.up12(x) + c))
        x = self.mix24(torch.relu(self.up24(x) + b))
        x = self.mix48(torch.relu(self.up48(x) + a))
        return self.head(x)


def parameters(net):
    return sum(p.numel() for p in net.parameters())


def macs(net):
    """Multiplications of one forward pass, of the convolutions alone."""
    total = 0

    def count(layer, _, output):
        nonlocal total
        total += layer.weight.numel() * output.shape[2] * output.shape[3]

    hooks = [m.register_forward_hook(count) for m in net.modules() if isinstance(m, nn.Conv2d)]
    with torch.no_grad():
        net(torch.zeros(1, 3, SIDE, SIDE))
    for hook in hooks:
        hook.remove()
    return total
