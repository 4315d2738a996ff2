# SPDX-License-Identifier: Apache-2.0
"""Where things are kept. All that set-up writes lies in the project, in $LAMELLA_HOME or in Maven's repository."""
import os
import sys
from pathlib import Path

WINDOWS = sys.platform == "win32"
PROJECT = Path(__file__).resolve().parents[2]
ENVIRONMENT = PROJECT / ".environment"
LOGS = ENVIRONMENT / "logs"
CACHE = ENVIRONMENT / "cache"
TARGET = PROJECT / "target"
NOTEBOOKS = PROJECT / "notebooks"
HOME = Path(os.environ.get("LAMELLA_HOME") or Path.home() / ".cache" / "lamella").expanduser().absolute()
HUB = Path(os.environ.get("HF_HOME") or Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "huggingface").expanduser().absolute()


def python_of(venv):
    """The interpreter of a virtual environment."""
    return venv / "Scripts" / "python.exe" if WINDOWS else venv / "bin" / "python"


VENV = ENVIRONMENT / "venv"
PYTHON = python_of(VENV)


def child_environment(java_home=None):
    """Environment variables for every program that set-up starts: what they would write to the home folder goes to .environment."""
    jupyter = ENVIRONMENT / "jupyter"
    jupyter.mkdir(parents=True, exist_ok=True)
    own = {
        "LAMELLA_HOME": HOME,
        "HF_HOME": HUB,  # what other programs have fetched is found, although XDG_CACHE_HOME is another below
        "JUPYTER_CONFIG_DIR": jupyter / "config",
        "JUPYTER_DATA_DIR": jupyter / "data",
        "JUPYTER_RUNTIME_DIR": jupyter / "runtime",
        "JUPYTERLAB_SETTINGS_DIR": jupyter / "settings",
        "JUPYTERLAB_WORKSPACES_DIR": jupyter / "workspaces",
        "IPYTHONDIR": jupyter / "ipython",
        "PIP_CACHE_DIR": CACHE / "pip",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        "PYTHONPYCACHEPREFIX": CACHE / "pycache",
        "XDG_CACHE_HOME": CACHE,  # JNA and fontconfig
        "OMP_WAIT_POLICY": os.environ.get("OMP_WAIT_POLICY") or "PASSIVE",  # threads that wait and spin take the cores of others
    }
    result = {**os.environ, **{name: str(value) for name, value in own.items()}}
    result.pop("PYTHONDONTWRITEBYTECODE", None)
    result.pop("PYTHONHOME", None)
    result.pop("VIRTUAL_ENV", None)
    if java_home:
        result["JAVA_HOME"] = str(java_home)
    return result


def pip_environment():
    """What pip gets besides: it asks `rustc` for its version, which makes a folder in the home of who has none."""
    return {"RUSTUP_HOME": str(CACHE / "rustup")}


def short(path):
    """The path as a person would type it from the project, or whole where it lies outside."""
    path = Path(path)
    return str(path.relative_to(PROJECT)) if path.is_relative_to(PROJECT) else str(path)
