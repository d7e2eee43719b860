"""Stories after a command that brought or changed articles."""

from monitor.config import Home
from store.database import Store
from store.stories.vocabulary import load_vocabulary


def fold_waiting(home: Home, store: Store) -> list[str]:
    """Put what waits into stories; the caller holds the writer lock. Returns the articles that broke our own code, each as a
    line for people."""
    if not store.unfolded():
        return []
    folded = store.fold_stories(load_vocabulary(home.seed("people.toml")))
    return [f"{error} at {url}" for url, error in folded.faults]
