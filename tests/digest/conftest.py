import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

import pytest


def load(name: str) -> ModuleType:
    """A helper module beside this file; --import-mode=importlib does not put this folder on the path."""
    if name not in sys.modules:
        spec = spec_from_file_location(name, Path(__file__).parent / f"{name}.py")
        module = module_from_spec(spec)
        sys.modules[name] = module
        spec.loader.exec_module(module)
    return sys.modules[name]


@pytest.fixture(scope="session")
def sample() -> ModuleType:
    return load("sample_digest")


@pytest.fixture(scope="session")
def bless(sample: ModuleType) -> ModuleType:
    return load("bless")


@pytest.fixture
def digest(bless: ModuleType):
    """The digest that shows everything."""
    return bless.digests()["full"]


@pytest.fixture(scope="session")
def mail() -> ModuleType:
    return load("mail_servers")


@pytest.fixture(scope="session")
def authority(mail: ModuleType, tmp_path_factory: pytest.TempPathFactory):
    """A throw-away authority and a certificate of it for 127.0.0.1."""
    return mail.make_authority(tmp_path_factory.mktemp("authority"))
