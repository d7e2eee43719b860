"""``vietlao replica``: the small web of papers, for a person to browse."""

from monitor.replica.__main__ import main as replica

__all__ = ["replica"]
