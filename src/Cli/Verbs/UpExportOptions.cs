using System.CommandLine;
using Lambent.Cli.Commands;
using Lambent.Cli.Output;
using Lambent.Cli.Serving;

namespace Lambent.Cli.Verbs;

/// <summary>Options of <c>up</c> that say where telemetry is sent besides.</summary>
internal sealed class UpExportOptions
{
    private const int AccountDigits = 12;

    private static readonly string[] SignalNames = ["traces", "logs", "metrics"];

    private readonly Option<string?> syslog = new("--syslog")
    {
        HelpName = "URL",
        Description = "Send log lines to a receiver of syslog (RFC 5424): udp://, tcp:// or tls://HOST:PORT",
    };

    private readonly Option<string[]> syslogAccounts = new("--syslog-account")
    {
        HelpName = "ID",
        Description = "Send those of this account alone; may be repeated; default: of all accounts",
    };

    private readonly Option<string?> otlp = new("--otlp-endpoint")
    {
        HelpName = "URL",
        Description = "Send telemetry to a collector of OpenTelemetry (OTLP over HTTP), such as http://127.0.0.1:4318",
    };

    private readonly Option<string[]> otlpHeaders = new("--otlp-header")
    {
        HelpName = "NAME=VALUE",
        Description = "A header of the requests to it, such as a key; may be repeated",
    };

    private readonly Option<string?> otlpSignals = new("--otlp-signals")
    {
        HelpName = "SIGNALS",
        Description = "What is sent to it, parted by commas; default: traces,logs,metrics",
    };

    private readonly Option<string[]> otlpAccounts = new("--otlp-account")
    {
        HelpName = "ID",
        Description = "Send that of this account alone; may be repeated; default: of all accounts",
    };

    private readonly Option<bool> otlpGzip = new("--otlp-gzip")
    {
        Description = "Pack the requests to it",
    };

    public IEnumerable<Symbol> Symbols =>
        [syslog, syslogAccounts, otlp, otlpHeaders, otlpSignals, otlpAccounts, otlpGzip];

    public ExportSettings Read(CommandContext context)
    {
        var settings = new ExportSettings
        {
            SyslogTarget = context.Value(syslog) is { } url ? Receiver(url) : null,
            SyslogAccounts = [.. (context.Value(syslogAccounts) ?? []).Select(Account)],
            OtlpEndpoint = context.Value(otlp) is { } collector ? Collector(collector) : null,
            OtlpHeaders = [.. (context.Value(otlpHeaders) ?? []).Select(Header)],
            OtlpSignals = context.Value(otlpSignals) is { } signals ? Signals(signals) : SignalNames,
            OtlpAccounts = [.. (context.Value(otlpAccounts) ?? []).Select(Account)],
            OtlpGzip = context.Value(otlpGzip),
        };
        CheckTargets(context, settings);
        return settings.SyslogTarget is null && settings.OtlpEndpoint is null ? new ExportSettings() : settings;
    }

    /// <summary>Without a target the rest says nothing, and who wrote it believes that something is sent.</summary>
    private void CheckTargets(CommandContext context, ExportSettings settings)
    {
        if (settings.SyslogTarget is null && settings.SyslogAccounts.Count > 0)
        {
            throw Wrong(
                "--syslog-account says whose lines go to --syslog, which is not given.",
                "lambent up --syslog tcp://127.0.0.1:514 --syslog-account 111122223333");
        }

        if (settings.OtlpEndpoint is null
            && (settings.OtlpHeaders.Count > 0 || settings.OtlpAccounts.Count > 0 || settings.OtlpGzip
                || context.Value(otlpSignals) is not null))
        {
            throw Wrong(
                "The options --otlp-* say how --otlp-endpoint is sent to, which is not given.",
                "lambent up --otlp-endpoint http://127.0.0.1:4318");
        }
    }

    private static string[] Signals(string text)
    {
        var names = text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        return names.FirstOrDefault(name => !SignalNames.Contains(name)) is not { } unknown && names.Length > 0
            ? [.. names.Distinct()]
            : throw Wrong(
                $"'{names.FirstOrDefault(name => !SignalNames.Contains(name)) ?? text}' is no signal: traces, logs "
                    + "and metrics are.",
                "lambent up --otlp-endpoint http://127.0.0.1:4318 --otlp-signals traces,logs");
    }

    private static string Account(string text) =>
        text.Length == AccountDigits && !text.AsSpan().ContainsAnyExceptInRange('0', '9')
            ? text
            : throw Wrong(
                $"'{text}' is no account: it is {AccountDigits} digits.",
                "lambent up --syslog tcp://127.0.0.1:514 --syslog-account 111122223333");

    private static CommandFailedException Wrong(string message, string hint) =>
        new(ExitCode.Usage, FailureCodes.Usage, message, hint);

    private static Uri Collector(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" && url.Query.Length == 0
            ? url
            : throw new CommandFailedException(
                ExitCode.Usage, FailureCodes.Usage, $"'{text}' is no address of a collector: http and https are.",
                "lambent up --otlp-endpoint http://127.0.0.1:4318");

    private static KeyValuePair<string, string> Header(string text) =>
        text.Split('=', 2) is [{ Length: > 0 } name, var value]
            ? KeyValuePair.Create(name, value)
            : throw new CommandFailedException(
                ExitCode.Usage, FailureCodes.Usage, $"'{text}' is no header: it is NAME=VALUE.",
                "lambent up --otlp-header authorization=KEY");

    private static Uri Receiver(string text)
    {
        const int PortDefault = 514;
        const int SecurePortDefault = 6514;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "udp" or "tcp" or "tls"
            && url.Host.Length > 0 && url.PathAndQuery is "/" or "")
        {
            return url.Port > 0
                ? url
                : new UriBuilder(url) { Port = url.Scheme == "tls" ? SecurePortDefault : PortDefault }.Uri;
        }

        throw new CommandFailedException(
            ExitCode.Usage, FailureCodes.Usage, $"'{text}' is no receiver of syslog: udp, tcp and tls are.",
            "lambent up --syslog tcp://127.0.0.1:514");
    }
}
