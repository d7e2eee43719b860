"""``vietlao init``: a folder of one's own with a commented configuration and editable copies of the seeds."""

import shutil
from importlib.resources import files
from pathlib import Path

from monitor.config import CONFIG_NAME, shipped_seed
from spiders.errors import ConfigurationError

SEEDS = ("sources.toml", "topic.toml", "people.toml")


def write_home(folder: Path, *, force: bool = False) -> list[Path]:
    """Write vietlao.toml and seeds/*.toml into ``folder`` (made when absent); returns what was written.

    Raises ConfigurationError, and writes nothing, when one of the files is there already and ``force`` is not given.
    """
    originals = {folder / CONFIG_NAME: Path(str(files("monitor") / "vietlao.toml"))}
    originals |= {folder / "seeds" / name: shipped_seed(name) for name in SEEDS}
    taken = [path for path in originals if path.exists()]
    if taken and not force:
        raise ConfigurationError.about(taken[0], "is there already and may hold your changes; --force writes over it")
    try:
        (folder / "seeds").mkdir(parents=True, exist_ok=True)
        for target, original in originals.items():
            if not (target.exists() and target.samefile(original)):
                shutil.copyfile(original, target)
    except OSError as error:
        raise ConfigurationError.about(error.filename or folder, f"cannot be written: {error.strerror}") from None
    return list(originals)
