"""Made-up enterprises: what stands behind their facts, so that the facts of one enterprise fit together.

Nothing here is taken from anyone. Sizes are log-normal, trades differ in research, staff and land, titles follow
size and research, firms younger than three years lack the years before they were founded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias
from zlib import crc32

import numpy as np
import numpy.typing as npt

Array: TypeAlias = npt.NDArray[Any]
Flags = npt.NDArray[np.bool_]

BLOCK = 65_536
YEARS = 3


@dataclass(frozen=True)
class Trade:
    """A line of business: its share among the firms, and medians that tell it from others.

    `revenue` is in 万元 a year, `productivity` in 万元 a head, `research` a share of revenue, `land` in 万元 a mu.
    """

    name: str
    share: float
    revenue: float
    productivity: float
    research: float
    land: float
    words: tuple[str, ...]
    statistics: str
    code: str


TRADES: tuple[Trade, ...] = (
    Trade(
        "工业", 0.44, 3200, 75, 0.045, 320, ("精密", "新材", "智能装备", "光电", "生物医药"), "工业", "C3569"
    ),
    Trade(
        "软件和信息技术服务业",
        0.22,
        1100,
        45,
        0.12,
        0,
        ("软件", "数智", "云联", "信创"),
        "信息传输软件和信息技术服务业",
        "I6513",
    ),
    Trade(
        "其他未列明行业", 0.11, 700, 40, 0.09, 0, ("检测", "研究院", "设计"), "科学研究和技术服务业", "M7320"
    ),
    Trade("批发业", 0.06, 5200, 420, 0.003, 0, ("商贸", "供应链"), "批发业", "F5179"),
    Trade("租赁和商务服务业", 0.05, 600, 38, 0.01, 0, ("咨询", "会展"), "租赁和商务服务业", "L7249"),
    Trade("建筑业", 0.03, 6000, 90, 0.02, 900, ("建设", "市政"), "建筑业", "E4899"),
    Trade("零售业", 0.03, 900, 110, 0.002, 0, ("零售", "百货"), "零售业", "F5299"),
    Trade("信息传输业", 0.02, 1800, 70, 0.06, 0, ("通信", "网络"), "信息传输软件和信息技术服务业", "I6319"),
    Trade("餐饮业", 0.01, 420, 22, 0.0, 0, ("餐饮",), "餐饮业", "H6210"),
    Trade("物业管理", 0.01, 500, 14, 0.0, 0, ("物业",), "物业管理", "K7020"),
    Trade("交通运输业", 0.01, 1500, 60, 0.004, 700, ("物流",), "交通运输仓储和邮政业", "G5439"),
    Trade("房地产开发经营", 0.01, 15000, 600, 0.0, 900, ("置业",), "房地产开发经营", "K7010"),
)


# The fields of industry each trade works in, one chosen by lot; a field named twice is twice as likely.
_MAKING = ("高端装备", "高端装备", "新材料", "新材料", "生物医药", "绿色低碳", "信创")
_SERVING = ("现代服务", "现代服务", "现代服务", "文化产业", "其他")
DIRECTIONS: tuple[tuple[str, ...], ...] = tuple(
    {
        "工业": _MAKING,
        "软件和信息技术服务业": ("信创", "信创", "现代服务", "文化产业"),
        "其他未列明行业": ("生物医药", "高端装备", "现代服务"),
        "信息传输业": ("信创", "现代服务"),
    }.get(trade.name, _SERVING)
    for trade in TRADES
)


def generator(seed: int, block: int, name: str) -> np.random.Generator:
    """Give the random numbers of one fact in one block: another dictionary leaves them as they are."""
    return np.random.Generator(np.random.PCG64([seed, block, crc32(name.encode())]))


class Firms:
    """A block of made-up enterprises, numbered from `first`; money is in 万元.

    Two-dimensional arrays hold one row per year: the base year, the year before, the year before that.
    """

    def __init__(self, *, seed: int, block: int, count: int, base_year: int) -> None:
        self.seed, self.block, self.base_year = seed, block, base_year
        self.first, self.count = block * BLOCK, count
        # Always a whole block is drawn and then cut, so that a longer list begins like a shorter one.
        draw = generator(seed, block, "firm")
        trade = draw.choice(len(TRADES), BLOCK, p=np.array([each.share for each in TRADES]))
        self.trade: npt.NDArray[np.int64] = trade[:count]
        self.word = draw.random(BLOCK)[:count]
        self.age = np.minimum(0.4 + draw.gamma(1.8, 4.6, BLOCK), 38)[:count]
        size = draw.normal(0, 1.25, BLOCK)[:count]
        growth = draw.normal(0.09, 0.19, (YEARS, BLOCK))[:, :count]
        effort = draw.normal(0, 0.7, BLOCK)[:count]
        self.quality = draw.normal(0, 1, BLOCK)[:count]
        staffing = draw.normal(0, 0.45, BLOCK)[:count]
        margin = draw.normal(0.06, 0.08, BLOCK)[:count]
        debt = draw.beta(4.2, 4.6, BLOCK)[:count]
        assets = draw.normal(0.15, 0.45, BLOCK)[:count]
        self.ticket = draw.random((24, BLOCK))[:, :count]

        maturity = np.minimum(self.age, 15) / 15
        base = self._of_trade("revenue") * np.exp(size) * (0.45 + 0.9 * maturity)
        grown = np.clip(growth + 0.25 * np.exp(-self.age / 3), -0.55, 1.6)
        self.revenue = np.stack([base, base / (1 + grown[0]), base / ((1 + grown[0]) * (1 + grown[1]))])
        self.exists = np.stack([self.age > lag + 0.2 for lag in range(YEARS)])
        research = self._of_trade("research")
        active = self.ticket[0] < np.where(research >= 0.03, 0.85, 0.12)
        ratio = np.clip(research * np.exp(effort), 0, 0.6) * active
        wave = 1 + 0.12 * (self.ticket[1:4] - 0.5)
        self.rd_expense = self.revenue * ratio * wave
        self.rd_ratio = ratio
        self.margin = np.clip(margin + 0.02 * self.quality, -0.35, 0.45)
        self.staff = np.maximum(
            1, np.rint(self.revenue / (self._of_trade("productivity") * np.exp(staffing)))
        )
        self.assets = self.revenue * np.exp(assets)
        self.liabilities = self.assets * np.clip(debt, 0.03, 0.98)
        self._titles()
        offered = np.array(DIRECTIONS, dtype=object)[self.trade]
        lot = generator(seed, block, "direction").random(BLOCK)[:count]
        self.direction = np.array(
            [each[int(place * len(each))] for each, place in zip(offered, lot, strict=True)]
        )

    def _of_trade(self, field: str) -> Array:
        return np.array([getattr(trade, field) for trade in TRADES], np.float64)[self.trade]

    def _titles(self) -> None:
        research = self.rd_ratio >= 0.03
        ladder = self.ticket[4] + 0.12 * self.quality
        small = (self.staff[0] <= 500) & (self.revenue[0] <= 20_000)
        technical = np.isin(self.trade, [0, 1, 2, 7]) & research
        self.hnte: Flags = technical & (self.age > 1.2) & (self.ticket[5] < 0.55)
        self.tech_sme: Flags = technical & small & (self.ticket[6] < 0.6)
        self.tier1: Flags = technical & (ladder > 0.45)
        self.zjtx: Flags = self.tier1 & (self.revenue[0] >= 1_000) & (self.age > 2) & (ladder > 0.62)
        self.giant: Flags = self.zjtx & (self.revenue[0] >= 5_000) & (self.age > 3) & (ladder > 0.9)
        self.land: Array = np.where(
            self._of_trade("land") > 0,
            self.revenue[0] / np.maximum(self._of_trade("land"), 1) * np.exp(self.ticket[7] - 0.5),
            0,
        )
        strength = np.clip(self.rd_expense[0] / 110 + np.maximum(self.quality, 0), 0, 60) * (
            self.rd_ratio > 0
        )
        self.patents: Array = np.floor(strength * (0.4 + self.ticket[8]))
        self.class2: Array = np.floor((2 + 2.2 * strength) * self.ticket[9] * (self.rd_ratio > 0))

    def draw(self, name: str) -> np.random.Generator:
        """Give the random numbers of one fact."""
        return generator(self.seed, self.block, name)

    def chance(self, name: str) -> Array:
        """Give one number between 0 and 1 per enterprise, for one fact."""
        return self.draw(name).random(BLOCK)[: self.count]
