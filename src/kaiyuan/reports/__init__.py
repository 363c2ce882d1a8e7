"""What people read: explanations and runs as text, JSON, HTML pages and Excel workbooks, in Chinese and English."""

from kaiyuan.reports.explanation_data import explanation_data
from kaiyuan.reports.explanation_html import explanation_html
from kaiyuan.reports.explanation_text import explanation_lines, explanation_text
from kaiyuan.reports.report_html import entitled_firms, report_html
from kaiyuan.reports.workbook import write_workbook

__all__ = [
    "entitled_firms",
    "explanation_data",
    "explanation_html",
    "explanation_lines",
    "explanation_text",
    "report_html",
    "write_workbook",
]
