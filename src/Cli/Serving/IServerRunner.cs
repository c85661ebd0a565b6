using System.Net;
using Lambent.Cli.Commands;

namespace Lambent.Cli.Serving;

/// <summary>Which calls are kept; what is null is the server's default.</summary>
/// <param name="Mode">all, sampled, failed, none.</param>
internal sealed record CallSettings(string? Mode, int? Kilobytes, int? Days, int? Megabytes);

/// <summary>Where telemetry is sent besides.</summary>
internal sealed record ExportSettings
{
    /// <summary>Where log lines are sent; null for nowhere.</summary>
    public Uri? SyslogTarget { get; init; }

    /// <summary>Of which accounts; none named: of all.</summary>
    public IReadOnlyList<string> SyslogAccounts { get; init; } = [];

    /// <summary>The base of a collector of OpenTelemetry; null for none.</summary>
    public Uri? OtlpEndpoint { get; init; }

    /// <summary>Sent with each request to it.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> OtlpHeaders { get; init; } = [];

    /// <summary>Of traces, logs and metrics.</summary>
    public IReadOnlyList<string> OtlpSignals { get; init; } = [];

    /// <summary>Of which accounts; none named: of all.</summary>
    public IReadOnlyList<string> OtlpAccounts { get; init; } = [];

    /// <summary>Whether requests to it are packed.</summary>
    public bool OtlpGzip { get; init; }
}

/// <summary>What <c>up</c> asks of a server.</summary>
internal sealed record ServerSettings
{
    public required string DataFolder { get; init; }

    public required IPAddress BindAddress { get; init; }

    /// <summary>0 picks a free port.</summary>
    public required int Port { get; init; }

    public required string Region { get; init; }

    /// <summary>The address by which browsers come when it is another one than the server's own; or null.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>How long an environment without calls is kept; null lets its function's idle times decide.</summary>
    public TimeSpan? EnvironmentIdleTimeout { get; init; }

    /// <summary>Memory for environments started ahead; null for the server's default.</summary>
    public long? WarmMemoryBytes { get; init; }

    /// <summary>Older environments take no calls; null for the server's default.</summary>
    public TimeSpan? EnvironmentAgeMax { get; init; }

    /// <summary>Whether a function's processor time is held to the share that follows from its memory.</summary>
    public bool LimitsProcessor { get; init; }

    /// <summary>How long logs are kept; null for the server's default.</summary>
    public TimeSpan? LogRetention { get; init; }

    /// <summary>What they may take on disk; null for the server's default.</summary>
    public long? LogBytesMax { get; init; }

    /// <summary>Which calls are kept with their events and answers.</summary>
    public CallSettings Calls { get; init; } = new(null, null, null, null);

    public bool MasksSecretsInLogs { get; init; } = true;

    /// <summary>Whether calls leave records, lines, spans and figures.</summary>
    public bool KeepsTelemetry { get; init; } = true;

    /// <summary>Where telemetry is sent besides.</summary>
    public ExportSettings Exports { get; init; } = new();

    /// <summary>A built dashboard that is served instead of the program's own; null for its own.</summary>
    public string? DashboardFolder { get; init; }

    /// <summary>The mail server for alerts, with user and password; null for none.</summary>
    public string? SmtpUrl { get; init; }

    /// <summary>The sender of such mail; null: made of the mail server's name.</summary>
    public string? SmtpFrom { get; init; }

    /// <summary>Networks that callbacks may reach although they are not on the internet.</summary>
    public IReadOnlyList<IPNetwork> CallbackNetworks { get; init; } = [];
}

/// <summary>
/// Runs a server in this process. Behind an interface so that the other verbs, which only speak HTTP, never load the
/// server's assemblies.
/// </summary>
internal interface IServerRunner
{
    /// <summary>Runs until stopped, then drains. Returns why it could not start, or null after a good end.</summary>
    Task<Failure?> RunAsync(ServerSettings settings, IServerWatcher watcher, CancellationToken stop);
}

/// <summary>Is told how the start goes.</summary>
internal interface IServerWatcher
{
    /// <summary>Calls are accepted from now on.</summary>
    /// <param name="address">Where.</param>
    /// <param name="dashboard">The dashboard's page, with a token that begins one session in a browser.</param>
    void Ready(Uri address, Uri dashboard);

    void Warn(string message);
}
