using Microsoft.Extensions.Logging;

namespace Lambent.Server;

/// <summary>Brings warnings and errors of the server's log to the operator; the rest is not asked for.</summary>
internal sealed class AnnouncerLogs(IServerAnnouncer announcer) : ILoggerProvider
{
    public ILogger CreateLogger(string categoryName) => new Logger(announcer);

    public void Dispose()
    {
    }

    private sealed class Logger(IServerAnnouncer announcer) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
            {
                var message = formatter(state, exception);
                announcer.Warn(exception is null ? message : $"{message}: {exception}");
            }
        }
    }
}
