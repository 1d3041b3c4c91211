"""The sample year: tables of invented months under published figures, and the program that types them out."""
