"""One value of the sample year typed or stored wrong, a thousand times: what is found, what slips in.

`make mutants` prints the tables, writes them to `docs/mutants.md` and says which goals are met.
"""
