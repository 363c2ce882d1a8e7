"""The same facts in another shape of table get the same answers: slices, many rows, words as codes, threads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pytest

from kaiyuan.rulebook import Plan, evaluate, evaluate_stream
from tests.rulebook.generate import Pair, sample_pairs
from tests.rulebook.generate_facts import table
from tests.rulebook.judging import judged, plan_of
from tests.rulebook.oracle import Answer

pytestmark = pytest.mark.filterwarnings("error")


@pytest.fixture(scope="module")
def some() -> list[tuple[Pair, Plan, list[dict[str, Answer]]]]:
    """Give some pairs with their plans and the oracle's answers."""
    return [(pair, plan_of(pair), pair.answers()) for pair in sample_pairs(10, seed=50, rows=50)]


def sliced(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Put seven other rows before, and cut them off again: the bits no longer begin at a byte."""
    return pa.concat_batches([batch.slice(0, 1)] * 7 + [batch]).slice(7)


def garbage_under_nulls(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Fill what stands under null with values that would decide something."""
    columns = []
    for column in batch.columns:
        held = {"int64": np.int64, "double": np.float64, "date32[day]": np.int32}.get(str(column.type))
        if column.null_count and held is not None:
            validity, values = column.buffers()
            raw = np.frombuffer(values, held).copy()
            raw[: len(column)][~np.asarray(column.is_valid())] = {"f": np.nan, "i": 10**6}[raw.dtype.kind]
            column = pa.Array.from_buffers(column.type, len(column), [validity, pa.py_buffer(raw)])
        columns.append(column)
    return pa.RecordBatch.from_arrays(columns, batch.schema.names)


def words_as_codes(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Encode words as dictionaries, with a null and a twin among the dictionary's words."""
    columns = []
    for column in batch.columns:
        if pa.types.is_string(column.type):
            encoded = column.dictionary_encode()
            words = pa.concat_arrays([encoded.dictionary, pa.array([None, "工业"], pa.string())])
            twin = len(words) - 1
            codes = [
                twin if word == "工业" and at % 2 else twin - 1 if word is None and at % 3 == 0 else code
                for at, (word, code) in enumerate(
                    zip(column.to_pylist(), encoded.indices.to_pylist(), strict=True)
                )
            ]
            column = pa.DictionaryArray.from_arrays(pa.array(codes, pa.int32()), words)
        columns.append(column)
    return pa.RecordBatch.from_arrays(columns, batch.schema.names)


def columns_in_another_order(batch: pa.RecordBatch) -> pa.RecordBatch:
    """Turn the columns round and add one that no rule knows."""
    names = batch.schema.names[::-1]
    arrays = [batch.column(name) for name in names]
    return pa.RecordBatch.from_arrays([pa.nulls(batch.num_rows), *arrays], ["stranger", *names])


@pytest.mark.parametrize("reshape", [sliced, garbage_under_nulls, words_as_codes, columns_in_another_order])
def test_the_answers_do_not_depend_on_how_the_table_lies_in_memory(
    some, reshape: Callable[[pa.RecordBatch], pa.RecordBatch]
):
    for pair, plan, answers in some:
        decisions = evaluate(plan=plan, batch=reshape(pair.batch), leaves=True)
        judgement = judged(pair, decisions.to_pydict(), answers=answers)
        assert not judgement.differences, judgement.differences[:5]


def test_a_column_that_is_absent_is_unknown_for_everyone(some):
    for pair, plan, answers in some:
        batch = table(pair.facts, absent_columns=True)
        decisions = evaluate(plan=plan, batch=batch, leaves=True)
        judgement = judged(pair, decisions.to_pydict(), answers=answers)
        assert not judgement.differences, judgement.differences[:5]


@pytest.mark.parametrize("rows", [63, 64, 65, 5000])
def test_ten_times_the_rows_get_ten_times_the_answers(some, rows):
    for pair, plan, _ in some[:12]:
        once = evaluate(plan=plan, batch=pair.batch, leaves=True).to_pydict()
        times = rows // len(pair.facts) + 1
        batch = pa.concat_batches([pair.batch] * times).slice(0, rows)
        many = evaluate(plan=plan, batch=batch, leaves=True).to_pydict()
        assert list(many) == list(once)
        for name, values in many.items():
            assert values == (once[name] * times)[:rows], name


def test_no_rows_give_no_answers_and_the_same_columns(some):
    for pair, plan, _ in some:
        none = evaluate(plan=plan, batch=pair.batch.slice(0, 0), leaves=True)
        assert none.num_rows == 0
        assert none.schema.names == evaluate(plan=plan, batch=pair.batch, leaves=True).schema.names


def test_threads_keep_order_and_answers(some):
    for pair, plan, _ in some[:12]:
        batches = [pair.batch.slice(row, 3) for row in range(0, pair.batch.num_rows, 3)]
        streamed = list(evaluate_stream(plan=plan, batches=batches, threads=2, leaves=True))
        given = pa.Table.from_batches(streamed).to_pylist()
        assert given == evaluate(plan=plan, batch=pair.batch, leaves=True).to_pylist()


def test_a_plan_for_some_assessments_answers_them_as_the_whole_plan_does(some):
    for pair, plan, answers in some[:12]:
        whole = evaluate(plan=plan, batch=pair.batch).to_pydict()
        for name in answers[0]:
            part = evaluate(plan=plan_of(pair, assessments=[name]), batch=pair.batch).to_pydict()
            assert part == {column: whole[column] for column in part}


def test_an_assessment_out_of_force_is_not_answered(some):
    pair = some[0][0]
    before = replace(pair, on=pair.on.replace(year=2019))
    assert judged(before, evaluate(plan=plan_of(before), batch=before.batch).to_pydict()).differences == ()
