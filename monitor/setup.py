"""``vietlao init``: a folder of one's own with a commented configuration and editable copies of the seeds."""

import shutil
from importlib.resources import files
from pathlib import Path

from monitor.config import CONFIG_NAME, NOT_A_FOLDER, SEEDS, shipped_seed
from spiders.errors import ConfigurationError


def write_home(folder: Path, *, force: bool = False) -> dict[Path, bool]:
    """Write vietlao.toml and seeds/*.toml into ``folder``, made when absent; says of each file whether it was written.

    A file that is there already may hold changes and is kept, unless ``force``. Raises ConfigurationError where writing fails.
    """
    if folder.exists() and not folder.is_dir():
        raise ConfigurationError.about(folder, NOT_A_FOLDER)
    originals = {folder / CONFIG_NAME: Path(str(files("monitor") / CONFIG_NAME))}
    originals |= {folder / "seeds" / name: shipped_seed(name) for name in SEEDS}
    try:
        (folder / "seeds").mkdir(parents=True, exist_ok=True)
        return {target: _copy(original, target, force) for target, original in originals.items()}
    except OSError as error:
        raise ConfigurationError.about(
            error.filename or folder, f"cannot be written ({error.strerror}); name another --home"
        ) from None


def _copy(original: Path, target: Path, force: bool) -> bool:
    if target.exists() and (not force or target.samefile(original)):
        return False
    shutil.copyfile(original, target)
    return True
