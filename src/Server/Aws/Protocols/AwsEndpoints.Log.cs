using Lambent.Kernel;
using Microsoft.Extensions.Logging;

namespace Lambent.Server.Aws.Protocols;

internal sealed partial class AwsEndpoints
{
    [LoggerMessage(2001, LogLevel.Error, "{Operation} failed unexpectedly; request {RequestId}")]
    private static partial void LogUnexpected(
        ILogger logger, string? operation, string requestId, Exception exception);

    [LoggerMessage(2002, LogLevel.Warning, "{Operation} was refused by the store ({Code}); request {RequestId}")]
    private static partial void LogStoreRefused(
        ILogger logger, string? operation, string requestId, ErrorCode code, Exception exception);
}
