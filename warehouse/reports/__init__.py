"""Printed tables: functions (connection, fiscal year, as of) that give figures with their sources."""
