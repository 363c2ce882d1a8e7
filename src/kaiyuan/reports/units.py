"""Units in both languages. Chinese units stand as the rules write them; English ones are words or symbols."""

from __future__ import annotations

_ENGLISH: dict[str, tuple[str, str]] = {
    "分": ("point", "points"),
    "年": ("year", "years"),
    "月": ("month", "months"),
    "天": ("day", "days"),
    "日": ("day", "days"),
    "人": ("person", "people"),
    "名": ("", ""),
    "人次": ("visit", "visits"),
    "家": ("firm", "firms"),
    "户": ("firm", "firms"),
    "项": ("item", "items"),
    "件": ("item", "items"),
    "个": ("item", "items"),
    "次": ("time", "times"),
    "场": ("event", "events"),
    "部": ("work", "works"),
    "台": ("unit", "units"),
    "星": ("star", "stars"),
    "元": ("yuan", "yuan"),
    "百元": ("hundred yuan", "hundred yuan"),
    "千元": ("thousand yuan", "thousand yuan"),
    "万元": ("10,000 yuan", "10,000 yuan"),
    "亿元": ("100 million yuan", "100 million yuan"),
    "亩": ("mu", "mu"),
    "公顷": ("hectare", "hectares"),
    "平方米": ("m²", "m²"),
    "千瓦时": ("kWh", "kWh"),
    "万千瓦时": ("10,000 kWh", "10,000 kWh"),
    "吨": ("t", "t"),
    "万吨": ("10,000 t", "10,000 t"),
    "吨标准煤": ("tce", "tce"),
    "吨二氧化碳": ("t CO₂", "t CO₂"),
    "P": ("PFLOPS", "PFLOPS"),
}


def unit_words(text: str, *, lang: str, one: bool = False) -> str:
    """Give a unit in a language: `人` becomes people, `万元/人` «10,000 yuan per person»; unknown words stay."""
    if lang == "zh" or not text:
        return text
    head, *rest = text.split("/")
    words = [_product(head, one=one), *(_product(part, one=True) for part in rest)]
    return " per ".join(words)


def _product(text: str, *, one: bool) -> str:
    *front, last = text.split("·")
    parts = [_ENGLISH.get(part, (part, part))[0] for part in front]
    singular, plural = _ENGLISH.get(last, (last, last))
    return "-".join([*parts, singular if one else plural])
