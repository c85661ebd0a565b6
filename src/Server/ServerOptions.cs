using System.Net;
using Lambent.Sandbox.Pool;

namespace Lambent.Server;

/// <summary>What the operator chose; everything has a default that is safe on a laptop.</summary>
public sealed record ServerOptions
{
    /// <summary>The address calls come to. Loopback unless told otherwise.</summary>
    public IPAddress BindAddress { get; init; } = IPAddress.Loopback;

    /// <summary>The host in addresses that the server hands out.</summary>
    public string AdvertisedHost => BindAddress.Equals(IPAddress.Any) || BindAddress.Equals(IPAddress.IPv6Any)
        ? "127.0.0.1"
        : BindAddress.AddressFamily == System.Net.Sockets.AddressFamily.InterNetworkV6
            ? $"[{BindAddress}]"
            : BindAddress.ToString();

    /// <summary>0 picks a free port.</summary>
    public int Port { get; init; } = 9550;

    public string DataFolder { get; init; } = ".lambent";

    /// <summary>The region in ARNs and in the credential scope of signatures.</summary>
    public string Region { get; init; } = "us-east-1";

    /// <summary>
    /// How long an environment without calls is kept; null lets each function's idle times decide, and 10 minutes
    /// where they tell nothing.
    /// </summary>
    public TimeSpan? EnvironmentIdleTimeout { get; init; }

    /// <summary>
    /// Older environments take no calls; less than what their credentials are good for
    /// (<see cref="EnvironmentStarterOptions.CredentialLifetime"/>).
    /// </summary>
    public TimeSpan EnvironmentAgeMax { get; init; } = TimeSpan.FromHours(6);

    /// <summary>Environments at a time on this node; by default what fits into its memory at 64 MB each.</summary>
    public int EnvironmentsMax { get; init; } = (int)Math.Clamp(
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / (64L * Kernel.Limits.MiB), 16, 4_096);

    /// <summary>
    /// Memory that environments without a function, started ahead of first calls, may take; 0 for none. By default a
    /// sixteenth of the machine's.
    /// </summary>
    public long WarmMemoryBytes { get; init; } = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes / 16;

    /// <summary>Whether a function's processor time is held to the share that follows from its memory.</summary>
    public bool LimitsProcessor { get; init; }

    /// <summary>
    /// Networks that callbacks may reach although they are not on the internet, such as those of an office.
    /// </summary>
    public IReadOnlyList<IPNetwork> CallbackNetworks { get; init; } = [];

    /// <summary>How long log lines and records of calls are kept.</summary>
    public TimeSpan LogRetention { get; init; } = Kernel.Limits.LogRetention;

    /// <summary>What they may take on disk; above it the oldest are removed.</summary>
    public long LogBytesMax { get; init; } = Kernel.Limits.LogBytesMax;

    /// <summary>
    /// Whether values of variables whose names end in _SECRET, _TOKEN, _PASSWORD or _KEY are taken out of log lines.
    /// </summary>
    public bool MasksSecretsInLogs { get; init; } = true;

    /// <summary>
    /// Whether calls leave records, lines, spans and figures; the sums in /metrics are there without.
    /// </summary>
    public bool KeepsTelemetry { get; init; } = true;

    /// <summary>Which calls are kept with their events and answers, how long, and in how much room.</summary>
    public Kernel.Invocations.CallKeeping Calls { get; init; } = new();

    /// <summary>Where log lines are sent besides (RFC 5424): udp, tcp or tls, host, port; null: nowhere.</summary>
    public Uri? SyslogTarget { get; init; }

    /// <summary>Of which accounts lines are sent as syslog; none named: of all.</summary>
    public IReadOnlyList<string> SyslogAccounts { get; init; } = [];

    /// <summary>Where telemetry is sent besides: the base of an OTLP/HTTP collector; null: nowhere.</summary>
    public Uri? OtlpEndpoint { get; init; }

    /// <summary>What is sent to it.</summary>
    public IReadOnlyList<string> OtlpSignals { get; init; } = Telemetry.Exports.OtlpSignals.All;

    /// <summary>Of which accounts; none named: of all.</summary>
    public IReadOnlyList<string> OtlpAccounts { get; init; } = [];

    /// <summary>Whether requests to it are packed.</summary>
    public bool OtlpGzip { get; init; }

    /// <summary>Sent with each request to it, such as a key.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> OtlpHeaders { get; init; } = [];

    /// <summary>How alerts are sent by e-mail; null: not at all.</summary>
    public Alerts.SmtpSettings? Smtp { get; init; }

    /// <summary>How long a login to the dashboard lives, unused and at all.</summary>
    public Kernel.Access.BrowserSessionRules BrowserSessions { get; init; } = new(
        Kernel.Limits.BrowserSessionIdleTimeout, Kernel.Limits.BrowserSessionAgeMax);

    /// <summary>
    /// The address by which browsers reach the server when something in front of it speaks TLS:
    /// https://lambent.example.org. Null: they come to the server itself.
    /// </summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>Calls in flight are given this long to end when the server is told to stop.</summary>
    public TimeSpan DrainTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>The largest time limit a function may ask for; AWS's is 900 s.</summary>
    public int TimeoutSecondsMax { get; init; } = Kernel.Limits.TimeoutSecondsMax;

    /// <summary>The folder with the shims: node/, python/, dotnet/.</summary>
    public required string RuntimesFolder { get; init; }

    /// <summary>
    /// The folder of a built dashboard that is served instead of what the program brings; null: what it brings.
    /// </summary>
    public string? DashboardFolder { get; init; }

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>The same with other <see cref="Calls"/>; what is null is the default.</summary>
    /// <param name="mode">all, sampled, failed, none.</param>
    public ServerOptions WithCalls(string? mode, int? payloadKilobytes, int? days, int? megabytes) =>
        this with { Calls = Kernel.Invocations.CallKeeping.From(mode, payloadKilobytes, days, megabytes) };
}
