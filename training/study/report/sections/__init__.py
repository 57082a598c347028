"""The report's sections, one module each: a function from the report to markup."""
