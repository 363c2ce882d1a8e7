"""What people read: explanations and runs as text, JSON, HTML pages and Excel workbooks, in Chinese and English."""

from kaiyuan.reports.explanation_data import explanation_data

__all__ = ["explanation_data"]
