using Lambent.Kernel.Functions;
using Microsoft.Extensions.Logging;

namespace Lambent.Server.Functions;

public sealed partial class FunctionActivator
{
    [LoggerMessage(2101, LogLevel.Error, "The files of {Function} version {Version} could not be prepared")]
    private static partial void LogNotPrepared(
        ILogger logger, FunctionId function, string version, Exception exception);

    [LoggerMessage(2102, LogLevel.Warning, "The state of {Function} could not be recorded and is tried again")]
    private static partial void LogNotRecorded(ILogger logger, FunctionId function, Exception exception);
}
