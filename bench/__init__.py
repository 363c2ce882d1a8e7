"""What is fast, against whom, measured in one run: `python bench/run.py`. See README.md beside this file."""
