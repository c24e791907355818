# SPDX-License-Identifier: MIT
"""What a connection is going to do: all of it follows from the seed and the connection's number."""

import random
from dataclasses import dataclass, field

KINDS = {"exchange": 6, "late reply": 3, "slow": 2, "idle": 2, "churn": 12, "client resets": 3,
         "server resets": 3, "vanish": 2}
# Where a command such as cat is the server.
ECHO_KINDS = {"echo": 6, "client resets": 2, "vanish": 1}


@dataclass
class Side:
    """One end: what it sends, how it reads, when it breaks off."""

    size: int
    seed: int
    piece: int
    starts_after: float = 0.0  # seconds
    awaits_end: bool = False  # of the other side, before it sends
    read_size: int = 1 << 18
    read_pause: float = 0.0
    resets_after: int | None = None  # bytes sent


@dataclass
class Plan:
    number: int
    relay: str
    kind: str
    client: Side
    server: Side
    vanishes_with_reset: bool = False
    is_echo: bool = False
    aborts: bool = field(init=False)

    def __post_init__(self):
        self.aborts = "resets" in self.kind

    def __str__(self):
        return f"connection {self.number} ({self.relay}, {self.kind})"


def some_size(dice: random.Random) -> int:
    """Around the sizes where relays change what they do, and some that are none of these."""
    return dice.choice((0, 1, dice.randrange(2, 100), dice.randrange(100, 5000), 4096, 65536, 65537,
                        dice.randrange(5000, 200_000), dice.randrange(200_000, 1_000_000),
                        dice.randrange(1_000_000, 4_000_000)))


def side(dice: random.Random) -> Side:
    return Side(size=some_size(dice), seed=dice.randrange(1 << 30),
                piece=dice.choice((1 << 18, 1 << 16, 8192, dice.randrange(1000, 100_000))))


def plan(seed: int, number: int, relays: dict[str, bool]) -> Plan:
    """`relays` has the names, and whether what is behind them only echoes."""
    dice = random.Random(f"{seed} {number}")
    relay = dice.choice(list(relays))
    weights = ECHO_KINDS if relays[relay] else KINDS
    kind = dice.choices(list(weights), list(weights.values()))[0]
    client, server = side(dice), side(dice)
    if kind == "late reply":
        server.awaits_end = True
        server.starts_after = dice.random() / 2
    elif kind == "slow":
        slow = dice.choice((client, server))
        slow.read_size, slow.read_pause = 16384, 0.01
        for each in (client, server):
            each.size = min(each.size, 1_500_000)
    elif kind == "idle":
        client.starts_after = 0.5 + 3 * dice.random()
        server.starts_after = 0.5 + 3 * dice.random()
    elif kind == "churn":
        client.size, server.size = dice.randrange(200), dice.randrange(200)
    elif kind == "client resets":
        client.resets_after = dice.randrange(client.size + 1)
    elif kind == "server resets":
        server.resets_after = dice.randrange(server.size + 1)
    if relays[relay]:
        server.size, server.seed = client.size, client.seed
    return Plan(number, relay, kind, client, server, vanishes_with_reset=dice.random() < 0.5,
                is_echo=relays[relay])
