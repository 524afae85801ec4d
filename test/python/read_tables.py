"""Prints the tables in the given folders, as each reader reads them with its defaults, as JSON.

For each folder and reader it has the types of the columns and the rows, or the error. Times are ISO 8601 with their
offset.
"""

import json
import math
import sys
from datetime import date, datetime

import duckdb
import pandas
import polars
import pyarrow.dataset


def with_pyarrow(folder):
    table = pyarrow.dataset.dataset(folder, partitioning="hive").to_table()
    return {field.name: str(field.type) for field in table.schema}, table.to_pylist()


def with_pandas(folder):
    frame = pandas.read_parquet(folder)
    return {name: str(dtype) for name, dtype in frame.dtypes.items()}, frame.astype(object).to_dict("records")


def with_polars(folder):
    frame = polars.scan_parquet(folder, hive_partitioning=True).collect()
    return {name: str(dtype) for name, dtype in frame.schema.items()}, frame.to_dicts()


def with_duckdb(folder):
    read = duckdb.sql(f"select * from read_parquet('{folder}/**/*.parquet', hive_partitioning = true)")
    return dict(zip(read.columns, map(str, read.types))), [dict(zip(read.columns, row)) for row in read.fetchall()]


def plain(value):
    if value is None or value is pandas.NaT or (isinstance(value, float) and math.isnan(value)):
        return None
    return value.isoformat() if isinstance(value, (date, datetime)) else value


def answer(reader, folder):
    try:
        types, rows = reader(folder)
    except Exception as error:
        return {"error": f"{type(error).__name__}: {error}"}
    return {"types": types, "rows": [{name: plain(value) for name, value in row.items()} for row in rows]}


READERS = {"pyarrow": with_pyarrow, "pandas": with_pandas, "polars": with_polars, "duckdb": with_duckdb}

answers = {folder: {name: answer(reader, folder) for name, reader in READERS.items()} for folder in sys.argv[1:]}
print(json.dumps(answers))
