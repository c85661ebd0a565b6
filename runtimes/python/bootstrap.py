"""The Python shim's start file. It is small because the interpreter compiles a start file anew each time; the rest is
in a package, whose compiled form is cached."""
import os
import sys

# Python puts a start file's folder on the path; user code must find neither this file nor the package by accident.
folder = os.path.dirname(os.path.abspath(__file__))
sys.path[:] = [folder] + [entry for entry in sys.path if entry != folder]
from lambent_runtime.environment import main  # noqa: E402

sys.path.pop(0)
main()
