"""Rules as dated, cited data; decisions for whole populations, explained one by one. Pure: no Django."""
