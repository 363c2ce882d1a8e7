"""An officer brings a spreadsheet as it is, says what one column means, reads it in, and takes it back."""

from __future__ import annotations

import csv
import re
from datetime import date

import pytest
from tests.journeys.sheets import UNKNOWN_HEAD, messy_list

pytestmark = pytest.mark.browser


def test_a_spreadsheet_is_understood_corrected_read_in_and_undone(visit, site, tmp_path):
    year = date.today().year - 1
    codes = site.all("SELECT code FROM enterprises_enterprise WHERE zone_id = 1 ORDER BY code LIMIT 5")
    page = visit("demo.officer")
    page.goto("/")
    page.get_by_role("link", name="导入", exact=True).first.click()
    page.get_by_role("link", name="导入文件").first.click()
    page.locator('input[type="file"]').set_input_files(
        messy_list(tmp_path / "街道.xlsx", codes=codes, year=year)
    )
    page.get_by_role("button", name="上传并核对列").click()

    # The title above the header and the unit are understood; one head is not, and says so.
    assert page.get_by_role("heading", level=1).inner_text() == "街道.xlsx"
    row = page.locator("tr", has_text=UNKNOWN_HEAD)
    assert "没有识别" in row.inner_text()
    page.get_by_label("D 列的指标").fill("研发费用")
    page.get_by_label("D 列的年份").fill(str(year))
    page.get_by_label("D 列的单位").fill("万元")
    page.get_by_role("button", name="按此理解，更新预览").click()
    preview = page.locator("#preview")
    assert "480.00" in preview.inner_text() and codes[0] in preview.inner_text()
    assert "可用 5，不可用 1" in page.locator("main").inner_text()

    page.get_by_role("button", name="读入", exact=True).click()
    page.get_by_role("button", name="撤销这次导入").wait_for(timeout=30_000)
    assert "已读入 10 个观测值" in page.locator("main").inner_text()
    with page.expect_download() as download:
        page.get_by_role("link", name="下载不可用清单").click()
    with open(download.value.path(), encoding="utf-8-sig", newline="") as file:
        rejected = list(csv.DictReader(file))
    assert [(row["severity"], row["file"], row["line"]) for row in rejected] == [("row", "街道.xlsx", "8")]

    page.get_by_label("撤销原因").fill("试读，文件有误")
    page.get_by_role("button", name="撤销这次导入").click()
    assert re.search(r"已撤销：自 .* 起全部不再生效", page.locator("main").inner_text())
    assert page.complaints == []
