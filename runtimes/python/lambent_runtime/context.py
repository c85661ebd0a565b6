"""What a handler gets as its second argument."""
import sys
from time import time


class LambdaContext:
    """The names and types of AWS Lambda's context object."""

    # Beyond AWS: the request's body as a file where the function's URL streams it, otherwise None.
    body_stream = None

    def __init__(self, settings, call, client_context):
        self.aws_request_id = call.request_id
        self.log_group_name = settings["logGroup"]
        self.log_stream_name = settings["logStream"]
        self.function_name = settings["functionName"]
        self.memory_limit_in_mb = settings["memoryLimit"]
        self.function_version = settings["functionVersion"]
        self.invoked_function_arn = call.invoked_function_arn
        self.client_context = client_context
        self.identity = CognitoIdentity()
        self._deadline_milliseconds = call.deadline_milliseconds

    def get_remaining_time_in_millis(self):
        return max(0, self._deadline_milliseconds - int(time() * 1000))

    def log(self, message):
        sys.stdout.write(str(message))

    def __repr__(self):
        members = ",".join(f"{name}={value}" for name, value in vars(self).items() if not name.startswith("_"))
        return f"LambdaContext([{members}])"


class _Record:
    """A few named members, None where the JSON had none."""
    __slots__ = ()

    def __init__(self, values=None):
        for name in self.__slots__:
            setattr(self, name, None if values is None else values.get(name))

    def __repr__(self):
        members = ",".join(f"{name}={getattr(self, name)}" for name in self.__slots__)
        return f"{type(self).__name__}([{members}])"


class CognitoIdentity(_Record):
    __slots__ = ("cognito_identity_id", "cognito_identity_pool_id")


class Client(_Record):
    __slots__ = ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name")


class ClientContext(_Record):
    __slots__ = ("custom", "env", "client")

    def __init__(self, values):
        super().__init__(values)
        if self.client is not None:
            self.client = Client(self.client)
