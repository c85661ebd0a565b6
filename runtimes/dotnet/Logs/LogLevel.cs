namespace Lambent.Runtime.Dotnet.Logs;

internal enum LogLevel
{
    Trace,
    Debug,
    Information,
    Warning,
    Error,
    Critical,
}

internal static class LogLevels
{
    /// <summary>The labels of Microsoft.Extensions.Logging's console, as on AWS.</summary>
    public static string Label(LogLevel level) => level switch
    {
        LogLevel.Trace => "trce",
        LogLevel.Debug => "dbug",
        LogLevel.Warning => "warn",
        LogLevel.Error => "fail",
        LogLevel.Critical => "crit",
        _ => "info",
    };

    /// <summary>Understands .NET's names and those of Lambda's log level setting.</summary>
    public static LogLevel Parse(string? name, LogLevel otherwise) => name?.ToUpperInvariant() switch
    {
        "TRACE" => LogLevel.Trace,
        "DEBUG" => LogLevel.Debug,
        "INFO" or "INFORMATION" => LogLevel.Information,
        "WARN" or "WARNING" => LogLevel.Warning,
        "ERROR" => LogLevel.Error,
        "FATAL" or "CRITICAL" => LogLevel.Critical,
        _ => otherwise,
    };
}
