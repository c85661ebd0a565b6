namespace Lambent.Server.Telemetry.Exports;

/// <summary>How long there is nothing to send.</summary>
/// <param name="Most">At most so long; null: however long it takes.</param>
/// <param name="IsWoken">Whether something that is written ends it.</param>
internal readonly record struct ExportRest(TimeSpan? Most, bool IsWoken)
{
    /// <summary>There may be more at once.</summary>
    public static ExportRest None => new(TimeSpan.Zero, false);

    public static ExportRest UntilWritten => new(null, true);

    public static ExportRest UntilWrittenOr(TimeSpan most) => new(most, true);

    public static ExportRest For(TimeSpan time) => new(time, false);
}

/// <summary>What is not sent yet.</summary>
/// <param name="Waiting">Items, about: numbers have gaps where items were deleted.</param>
/// <param name="Oldest">When the first of them was; null when there is none, or nothing to tell it by.</param>
internal readonly record struct ExportBacklog(long Waiting, DateTimeOffset? Oldest);

/// <summary>
/// Sends one kind of what is stored to one place. <see cref="ExportLoop"/> drives it, one call at a time. What it
/// throws of network, TLS and storage is an interruption: the same is sent again later.
/// </summary>
internal interface IExportSender : IDisposable
{
    /// <summary>For people and labels: traces, logs, metrics, syslog.</summary>
    string Signal { get; }

    Uri Target { get; }

    /// <summary>Sends what comes next, if there is something.</summary>
    /// <exception cref="ExportRefusedException">The other side wants it later.</exception>
    Task<ExportRest> SendNextAsync(CancellationToken stopping);

    /// <summary>After an exception: what is not certain to have arrived is sent again.</summary>
    void Interrupt();

    /// <summary>The last of all: writes down how far it got.</summary>
    Task EndAsync();

    /// <summary>Reads it from disk: for who asks, not for the loop.</summary>
    ExportBacklog Backlog();
}

/// <summary>The other side cannot take it now.</summary>
/// <param name="message">What it said.</param>
/// <param name="retryAfter">When it wants to be asked again; null: it did not say.</param>
internal sealed class ExportRefusedException(string message, TimeSpan? retryAfter) : IOException(message)
{
    public TimeSpan? RetryAfter => retryAfter;
}
