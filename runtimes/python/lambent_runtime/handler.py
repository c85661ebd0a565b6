"""Finds the function that the handler setting names, with AWS Lambda's errors when it cannot."""
import os
import sys
from importlib import import_module

from .errors import Fault


def use_function_paths(task_root, variables):
    """Puts the function's code and its layers in front of the interpreter's own folders, in AWS's order."""
    version = "python%d.%d" % sys.version_info[:2]
    folders = [task_root, f"/opt/python/lib/{version}/site-packages", "/opt/python"]
    folders += [folder for folder in variables.get("PYTHONPATH", "").split(os.pathsep) if folder]
    sys.path[:0] = [folder for folder in folders if folder == task_root or os.path.isdir(folder)]


def load_handler(handler):
    """Imports "folder/module.function" or "package.module.function"."""
    try:
        module_name, function_name = handler.rsplit(".", 1)
    except ValueError as error:
        raise Fault("Runtime.MalformedHandlerName", f"Bad handler '{handler}': {error}") from None
    module = _import(module_name)
    try:
        return getattr(module, function_name)
    except AttributeError:
        raise Fault("Runtime.HandlerNotFound",
                    f"Handler '{function_name}' missing on module '{module_name}'") from None


def _import(module_name):
    if module_name.split(".")[0] in sys.builtin_module_names:
        raise Fault("Runtime.BuiltInModuleConflict",
                    f"Cannot use built-in module {module_name} as a handler module")
    try:
        return import_module(module_name.replace("/", "."))
    except ImportError as error:
        raise Fault("Runtime.ImportModuleError", f"Unable to import module '{module_name}': {error}") from None
    except SyntaxError as error:
        trace = ['  File "%s" Line %s\n    %s' % (error.filename, error.lineno, error.text)]
        raise Fault("Runtime.UserCodeSyntaxError",
                    f"Syntax error in module '{module_name}': {error}", trace) from None
