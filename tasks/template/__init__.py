"""Making a workbook: blank for a center to fill in, or filled for the sample year, by the same hands."""
