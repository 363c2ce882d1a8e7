"""Parquet and Arrow: typed columns to the same facts, without a copy where nothing has to change."""

from __future__ import annotations

import random
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from kaiyuan.errors import InputError
from kaiyuan.sheets import read_sheet, write_demo_data
from tests.sheets.cast import CODE, CODE_2, FACTS, ON, code_of, read_file


def arrow(path, table: pa.Table):
    with pa.ipc.new_file(path, table.schema) as writer:
        writer.write_table(table)
    return path


def stream(path, table: pa.Table):
    with pa.ipc.new_stream(path, table.schema) as writer:
        writer.write_table(table)
    return path


def parquet(path, table: pa.Table):
    pq.write_table(table, path)
    return path


def of_type(tmp_path, header: str, array: pa.Array):
    codes = [code_of(number) for number in range(len(array))]
    return read_file(parquet(tmp_path / "a.parquet", pa.table({"信用代码": codes, header: array})))


@pytest.mark.parametrize("write", [parquet, arrow, stream])
def test_each_columnar_format_is_read(tmp_path, write):
    table = pa.table(
        {"企业名称": ["甲", "乙"], "信用代码": [CODE, CODE_2], "2025年营业收入（万元）": [1.5, None]}
    )
    read = read_file(write(tmp_path / "facts.bin", table), batch_rows=1)
    assert read.column("subject") == [CODE, CODE_2]
    assert read.column("revenue") == [1_500_000, None]
    assert read.column("source_line") == [1, 2]


@pytest.mark.parametrize(
    ("array", "fen"),
    [
        (pa.array([1.5, 0.1, float("nan"), None]), [1_500_000, 100_000, None, None]),
        (pa.array([1.5, 2.5], pa.float32()), [1_500_000, 2_500_000]),
        (pa.array([3, None], pa.int64()), [3_000_000, None]),
        (pa.array([3], pa.int16()), [3_000_000]),
        (pa.array([3], pa.uint32()), [3_000_000]),
        (pa.array([Decimal("1.23"), None]), [1_230_000, None]),
        (pa.array([Decimal("0.123456789")]), [123_457]),
        (pa.array(["1,234.5", "3亿元"]), [1_234_500_000, 30_000_000_000]),
        (pa.array(["1.5"], pa.large_string()), [1_500_000]),
        (pa.array(["1.5", "2.5", "1.5"]).dictionary_encode(), [1_500_000, 2_500_000, 1_500_000]),
        (pa.array([2**62, -(2**63), -1], pa.int64()), [None, None, -1_000_000]),
        (pa.array([2**63, 5], pa.uint64()), [None, 5_000_000]),
        (pa.array([float("inf")]), [None]),
        (pa.nulls(2), [None, None]),
    ],
)
def test_money_of_any_type_comes_to_the_same_fen(tmp_path, array, fen):
    assert of_type(tmp_path, "营业收入", array).column("revenue") == fen


@pytest.mark.parametrize(
    ("header", "array", "values"),
    [
        ("从业人员", pa.array([20, None], pa.int32()), [20, None]),
        ("从业人员", pa.array([20.0, 12.5, float("nan")]), [20, None, None]),
        ("高新技术企业", pa.array([True, None]), [True, None]),
        ("高新技术企业", pa.array([1, 0, 2]), [True, False, None]),
        ("成立日期", pa.array([date(2019, 3, 5), None]), [date(2019, 3, 5), None]),
        ("成立日期", pa.array([datetime(2019, 3, 5, 23)], pa.timestamp("us")), [date(2019, 3, 5)]),
        ("成立日期", pa.array([datetime(2019, 3, 4, 16)], pa.timestamp("us", "Asia/Shanghai")), [date(2019, 3, 5)]),
        ("成立日期", pa.array([20190305, 43529, 7]), [date(2019, 3, 5), date(2019, 3, 5), None]),
        ("市场占有率", pa.array([0.03, float("nan"), None]), [0.03, None, None]),
        ("市场占有率（%）", pa.array([3.3, 180.0, 5.0]), [0.033, 1.8, 0.05]),
        ("用地面积（平方米）", pa.array([2000.0]), [3.0]),
        ("所属行业", pa.array(["制造业", None, "航天"]), ["工业", None, None]),
        ("经营范围", pa.array([" 软件 ", "N/A", ""]), ["软件", None, None]),
    ],
)  # fmt: skip
def test_other_facts_of_any_type_are_read(tmp_path, header, array, values):
    read = of_type(tmp_path, header, array)
    assert read.column(read.reading.used[0].column) == values


def test_a_type_that_cannot_give_the_fact_is_left_out_and_said(tmp_path):
    read = of_type(tmp_path, "营业收入", pa.array([[1, 2]]))
    assert "列类型list" in read.notes("营业收入")
    assert read.reading.unmapped == ("营业收入",)


def test_a_canonical_table_passes_through_without_a_copy(tmp_path):
    money = pa.field("revenue__1", pa.int64(), metadata={b"unit": b"fen"})
    share = pa.field("market_share", pa.float64(), metadata={b"stored": b""})
    schema = pa.schema([pa.field("subject", pa.string()), money, share])
    table = pa.table(
        [[f"E{number:07d}" for number in range(1000)], list(range(1000)), [2.5] * 1000], schema=schema
    )
    reading = read_sheet(arrow(tmp_path / "a.arrow", table), facts=FACTS, on=ON)
    before = pa.total_allocated_bytes()
    batch = next(reading.batches())
    assert batch.column("revenue__1").to_pylist() == list(range(1000))
    assert batch.column("market_share").to_pylist() == [2.5] * 1000
    assert pa.total_allocated_bytes() - before < 1000 * 24
    assert reading.report.warnings == {}


def test_what_was_written_canonically_keeps_its_provenance(tmp_path):
    metadata = {
        b"source": "名单.xlsx · C列".encode(),
        b"recorded": b"2026-01-05",
        b"unit": "元".encode(),
        b"stored": b"fen",
    }
    schema = pa.schema([pa.field("subject", pa.string()), pa.field("revenue", pa.int64(), metadata=metadata)])
    read = read_file(parquet(tmp_path / "a.parquet", pa.table([[CODE], [5]], schema=schema)), recorded=ON)
    assert read.reading.schema.field("revenue").metadata == metadata
    assert read.column("revenue") == [5]


def test_identifiers_other_than_codes_are_taken_as_they_are_but_a_broken_code_is_not(tmp_path):
    table = pa.table({"subject": ["E1", CODE, "91370800MA0000015J"], "revenue": [1, 2, 3]})
    read = read_file(parquet(tmp_path / "a.parquet", table))
    assert read.column("subject") == ["E1", CODE]
    assert read.rejects[0]["kind"] == "wrong_check"


def test_columns_nobody_asked_for_are_not_read(tmp_path):
    table = pa.table({"信用代码": [CODE], "备注": ["x"], "revenue": [1]})
    read = read_file(parquet(tmp_path / "a.parquet", table))
    assert read.reading.unmapped == ("备注",)
    assert read.column("revenue") == [1_000_000]


def test_a_file_without_rows_is_refused(tmp_path):
    for write in (parquet, arrow, stream):
        path = write(tmp_path / "a.bin", pa.table({"信用代码": pa.array([], pa.string())}))
        with pytest.raises(InputError, match="the file has columns but no rows"):
            read_file(path)


def test_a_parquet_file_damaged_inside_is_refused_while_it_is_read(tmp_path):
    table = pa.table(
        {"信用代码": [code_of(number) for number in range(5000)], "revenue": np.random.rand(5000)}
    )
    path = parquet(tmp_path / "a.parquet", table)
    content = bytearray(path.read_bytes())
    content[200:2000] = bytes(1800)
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"the file \(Parquet\) is damaged or cut short"):
        read_file(path)


doubles = st.floats(min_value=-1e11, max_value=1e11, allow_nan=False)


@given(
    st.lists(st.one_of(doubles, st.decimals(-(10**8), 10**8, places=2).map(float)), min_size=1, max_size=30)
)
def test_a_double_is_taken_for_its_shortest_decimal_and_rounded_half_up(tmp_path_factory, values):
    read = of_type(tmp_path_factory.mktemp("doubles"), "营业收入", pa.array(values))
    wanted = [
        int((Decimal(repr(value)) * 10**6).to_integral_value(rounding=ROUND_HALF_UP)) for value in values
    ]
    assert read.column("revenue") == wanted


@given(st.lists(st.decimals(-(10**6), 10**6, places=8), min_size=1, max_size=30))
def test_text_double_and_decimal_of_one_figure_give_the_same_ratio(tmp_path_factory, figures):
    folder = tmp_path_factory.mktemp("ratios")
    wanted = [float(figure / 100) for figure in figures]
    for array in (pa.array([f"{figure:f}" for figure in figures]), pa.array(figures, pa.decimal128(20, 8))):
        assert of_type(folder, "市场占有率（%）", array).column("market_share") == wanted


def test_days_outside_any_calendar_in_use_are_unknown_with_a_reason(tmp_path):
    days = pa.array([17960, 10**9, -(10**6)], pa.int32()).cast(pa.date32())
    read = of_type(tmp_path, "成立日期", days)
    assert read.column("registration_date") == [date(2019, 3, 5), None, None]
    assert [line["kind"] for line in read.rejects] == ["not_a_date"] * 2


@pytest.mark.parametrize("ending", ["arrow", "parquet", "xlsx"])
def test_a_damaged_file_is_read_or_refused_but_never_ends_the_process(tmp_path, ending):
    source = tmp_path / f"a.{ending}"
    write_demo_data(source, facts=FACTS, enterprises=60, seed=1, base_year=2025)
    content = source.read_bytes()
    lot = random.Random(20260601)
    for _ in range(60):
        damaged = bytearray(content)
        for _ in range(lot.randint(1, 20)):
            damaged[lot.randrange(len(damaged))] = lot.randrange(256)
        source.write_bytes(bytes(damaged))
        try:
            read_file(source)
        except InputError as error:
            assert error.remedy
