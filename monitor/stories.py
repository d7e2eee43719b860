"""Stories after a command that brought or changed articles."""

from rich.console import Console

from monitor.config import Home
from monitor.progress import advancing
from store.database import Store
from store.stories.vocabulary import load_vocabulary
from store.wording import counted

# So many take some seconds, which a log should account for.
LONG = 1000


def fold_waiting(home: Home, store: Store, console: Console) -> list[str]:
    """Put what waits into stories, with a bar on a terminal (a line elsewhere, where it takes long). The caller holds the
    writer lock. Returns the articles that broke our own code, each as a line for people."""
    waiting = store.unfolded()
    if not waiting:
        return []
    if waiting >= LONG and not console.is_terminal:
        console.print(f"putting {counted(waiting, 'article')} into stories", soft_wrap=True)
    with advancing(console, "putting articles into stories", waiting) as advance:
        folded = store.fold_stories(load_vocabulary(home.seed("people.toml")), advance)
    return [f"{error} at {url}" for url, error in folded.faults]
