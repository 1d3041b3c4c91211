"""Center against ledger: elements, what is left when they have met, and the differences that it makes."""
