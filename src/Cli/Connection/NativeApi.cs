using System.Text.Json;
using System.Text.Json.Serialization;
using Lambent.Cli.Commands;

namespace Lambent.Cli.Connection;

internal sealed record EnvironmentEntry
{
    public string Id { get; init; } = "";

    public string Function { get; init; } = "";

    public string Version { get; init; } = "";

    public string State { get; init; } = "";

    public int Calls { get; init; }

    public string? StartedAt { get; init; }

    public int MemoryMegabytes { get; init; }
}

internal sealed record EnvironmentsAnswer
{
    public List<EnvironmentEntry> Environments { get; init; } = [];
}

internal sealed record AccountEntry
{
    public string Id { get; init; } = "";

    public string Name { get; init; } = "";

    public string? CreatedAt { get; init; }
}

internal sealed record AccountsAnswer
{
    public List<AccountEntry> Accounts { get; init; } = [];
}

internal sealed record LimitConcurrencyCall(int Concurrency);

internal sealed record AccountLimit(string Id, string Name, int Concurrency);

internal sealed record CreateAccountCall
{
    public required string Name { get; init; }

    public string? Id { get; init; }
}

internal sealed record CreatedAccount
{
    public AccountEntry Account { get; init; } = new();

    public string AccessKeyId { get; init; } = "";

    public string SecretAccessKey { get; init; } = "";
}

internal sealed record KeyEntry
{
    public string AccessKeyId { get; init; } = "";

    /// <summary>Only in the answer to its creation.</summary>
    public string? SecretAccessKey { get; init; }

    public string? CreatedAt { get; init; }
}

internal sealed record KeysAnswer
{
    public List<KeyEntry> Keys { get; init; } = [];
}

internal sealed record ServerStatus
{
    public string Version { get; init; } = "";

    public string? StartedAt { get; init; }

    public string? Account { get; init; }

    public string? Region { get; init; }

    /// <summary>Identifiers of the runtimes that can run on this server, or null when it does not say.</summary>
    public List<string>? Runtimes { get; init; }

    /// <summary>Where telemetry is sent besides; null for who is not the operator.</summary>
    public List<ExportStatus>? Exports { get; init; }
}

/// <summary>How an export of telemetry gets on.</summary>
internal sealed record ExportStatus
{
    /// <summary>traces, logs, metrics, syslog.</summary>
    public string Signal { get; init; } = "";

    public string Target { get; init; } = "";

    /// <summary>idle, ok, interrupted.</summary>
    public string State { get; init; } = "";

    public long Sent { get; init; }

    public long Rejected { get; init; }

    public long Dropped { get; init; }

    public long Waiting { get; init; }

    public double? BehindSeconds { get; init; }

    public string? Problem { get; init; }
}

/// <summary>One line of a function's output, or of the platform about a call.</summary>
internal sealed record LogLine
{
    public string Time { get; init; } = "";

    public string Function { get; init; } = "";

    public string? Version { get; init; }

    public string? RequestId { get; init; }

    public string? Environment { get; init; }

    public string Text { get; init; } = "";

    /// <summary>What the line says of its gravity; null when it says nothing.</summary>
    public string? Level { get; init; }
}

internal sealed record LogFilter
{
    /// <summary>What the server gives when it is not told.</summary>
    public const int LimitDefault = 1_000;

    public string? Function { get; init; }

    public string? Request { get; init; }

    /// <summary>A time, or a length such as 1h.</summary>
    public string? Since { get; init; }

    /// <summary>As <see cref="Since"/>.</summary>
    public string? Until { get; init; }

    public int? Limit { get; init; }

    public bool Follow { get; init; }

    /// <summary>$LATEST or a number.</summary>
    public string? Version { get; init; }

    /// <summary>As grave as this, or graver.</summary>
    public string? Level { get; init; }

    public string? Grep { get; init; }

    /// <summary>In CloudWatch's language.</summary>
    public string? Pattern { get; init; }

    /// <summary>NAME=VALUE of JSON lines.</summary>
    public IReadOnlyList<string> Where { get; init; } = [];
}

/// <summary>What the server says of a log besides its lines.</summary>
/// <param name="Oldest">How far back the log goes; null when it is empty.</param>
/// <param name="HasOlder">Whether older lines match than those given.</param>
internal sealed record LogReach(string? Oldest, bool HasOlder);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(EnvironmentsAnswer))]
[JsonSerializable(typeof(AccountsAnswer))]
[JsonSerializable(typeof(CreateAccountCall))]
[JsonSerializable(typeof(LimitConcurrencyCall))]
[JsonSerializable(typeof(AccountLimit))]
[JsonSerializable(typeof(CreatedAccount))]
[JsonSerializable(typeof(KeyEntry))]
[JsonSerializable(typeof(KeysAnswer))]
[JsonSerializable(typeof(ServerStatus))]
[JsonSerializable(typeof(LogLine))]
internal sealed partial class NativeJson : JsonSerializerContext;

/// <summary>The native API: what AWS has no call for.</summary>
internal sealed class NativeApi(ServerClient server)
{
    public Task<ServerStatus> StatusAsync(CancellationToken cancellation) =>
        server.SendAsync(
            new ServerRequest(HttpMethod.Get, "/v1/status"), NativeJson.Default.ServerStatus, cancellation);

    public async Task<List<EnvironmentEntry>> EnvironmentsAsync(CancellationToken cancellation) =>
        (await server.SendAsync(
            new ServerRequest(HttpMethod.Get, "/v1/environments"), NativeJson.Default.EnvironmentsAnswer, cancellation))
        .Environments;

    public async Task<List<AccountEntry>> AccountsAsync(CancellationToken cancellation) =>
        (await server.SendAsync(
            new ServerRequest(HttpMethod.Get, "/v1/accounts"), NativeJson.Default.AccountsAnswer, cancellation))
        .Accounts;

    public Task<CreatedAccount> CreateAccountAsync(CreateAccountCall call, CancellationToken cancellation) =>
        server.SendAsync(
            new ServerRequest(HttpMethod.Post, "/v1/accounts")
            {
                Body = JsonSerializer.SerializeToUtf8Bytes(call, NativeJson.Default.CreateAccountCall),
            },
            NativeJson.Default.CreatedAccount,
            cancellation);

    public async Task DeleteAccountAsync(string id, CancellationToken cancellation)
    {
        using var response = await server.SendAsync(
            new ServerRequest(HttpMethod.Delete, AccountPath(id)), cancellation);
    }

    public Task<AccountLimit> LimitConcurrencyAsync(string id, int concurrency, CancellationToken cancellation) =>
        server.SendAsync(
            new ServerRequest(HttpMethod.Put, $"{AccountPath(id)}/concurrency")
            {
                Body = JsonSerializer.SerializeToUtf8Bytes(
                    new LimitConcurrencyCall(concurrency), NativeJson.Default.LimitConcurrencyCall),
            },
            NativeJson.Default.AccountLimit,
            cancellation);

    public async Task<List<KeyEntry>> KeysAsync(string account, CancellationToken cancellation) =>
        (await server.SendAsync(
            new ServerRequest(
                HttpMethod.Get, $"{AccountPath(account)}/keys"), NativeJson.Default.KeysAnswer, cancellation))
        .Keys;

    public Task<KeyEntry> CreateKeyAsync(string account, CancellationToken cancellation) =>
        server.SendAsync(
            new ServerRequest(
                HttpMethod.Post, $"{AccountPath(account)}/keys"), NativeJson.Default.KeyEntry, cancellation);

    public async Task DeleteKeyAsync(string account, string key, CancellationToken cancellation)
    {
        var path = $"{AccountPath(account)}/keys/{Uri.EscapeDataString(key)}";
        using var response = await server.SendAsync(new ServerRequest(HttpMethod.Delete, path), cancellation);
    }

    public async Task<List<ProvisionedEntry>> ProvisionedAsync(string function, CancellationToken cancellation) =>
        (await server.SendAsync(
            new ServerRequest(HttpMethod.Get, ProvisionedPath(function)),
            ProvisionedJson.Default.ProvisionedListAnswer,
            cancellation))
        .Provisioned;

    public Task<ProvisionedEntry> ProvisionAsync(
        string function, string qualifier, ProvisionCall call, CancellationToken cancellation) =>
        server.SendAsync(
            new ServerRequest(HttpMethod.Put, $"{ProvisionedPath(function)}/{Uri.EscapeDataString(qualifier)}")
            {
                Body = JsonSerializer.SerializeToUtf8Bytes(call, ProvisionedJson.Default.ProvisionCall),
            },
            ProvisionedJson.Default.ProvisionedEntry,
            cancellation);

    public async Task UnprovisionAsync(string function, string qualifier, CancellationToken cancellation)
    {
        var path = $"{ProvisionedPath(function)}/{Uri.EscapeDataString(qualifier)}";
        using var response = await server.SendAsync(new ServerRequest(HttpMethod.Delete, path), cancellation);
    }

    /// <summary>
    /// Log lines in the order of their times; with Follow it ends only when the server stops. A search that takes the
    /// server long comes in several pages.
    /// </summary>
    /// <param name="reached">Told once, before the first line.</param>
    public async IAsyncEnumerable<LogLine> LogsAsync(
        LogFilter filter,
        Action<LogReach> reached,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        var pages = new Stack<List<LogLine>>();
        var wanted = filter.Limit ?? LogFilter.LimitDefault;
        string? oldest = null;
        string? cursor = null;
        do
        {
            var path = LogPath(cursor is null ? filter : filter with { Limit = wanted }, cursor);
            using var response = await server.SendAsync(new ServerRequest(HttpMethod.Get, path), cancellation);
            oldest = Header(response, "x-lambent-logs-oldest") ?? oldest;
            cursor = Header(response, "x-lambent-logs-next");
            if (filter.Follow)
            {
                reached(new LogReach(oldest, cursor is not null));
                await foreach (var line in ReadLinesAsync(response, cancellation))
                {
                    yield return line;
                }

                yield break;
            }

            var page = new List<LogLine>();
            await foreach (var line in ReadLinesAsync(response, cancellation))
            {
                page.Add(line);
            }

            pages.Push(page);
            wanted -= page.Count;
        }
        while (cursor is not null && wanted > 0);
        reached(new LogReach(oldest, cursor is not null));
        foreach (var line in pages.SelectMany(page => page))
        {
            yield return line;
        }
    }

    private static string LogPath(LogFilter filter, string? cursor)
    {
        var parameters = new List<(string Name, string? Value)>
        {
            ("function", filter.Function),
            ("request", filter.Request),
            ("since", filter.Since),
            ("until", filter.Until),
            ("limit", filter.Limit?.ToString()),
            ("follow", filter.Follow ? "true" : null),
            ("version", filter.Version),
            ("level", filter.Level),
            ("grep", filter.Grep),
            ("pattern", filter.Pattern),
            ("cursor", cursor),
        };
        parameters.AddRange(filter.Where.Select(field => ("where", (string?)field)));
        var query = string.Join('&', parameters
            .Where(parameter => parameter.Value is not null)
            .Select(parameter => $"{parameter.Name}={Uri.EscapeDataString(parameter.Value!)}"));
        return query.Length == 0 ? "/v1/logs" : $"/v1/logs?{query}";
    }

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.First() : null;

    private static async IAsyncEnumerable<LogLine> ReadLinesAsync(
        HttpResponseMessage response,
        [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellation)
    {
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellation));
        while (await ReadLineAsync(reader, cancellation) is { } line)
        {
            // Empty lines only show that the connection lives.
            if (line.Length > 0 && Parse(line) is { } entry)
            {
                yield return entry;
            }
        }
    }

    private static string ProvisionedPath(string function) =>
        $"/v1/functions/{Uri.EscapeDataString(function)}/provisioned";

    private static string AccountPath(string id) => $"/v1/accounts/{Uri.EscapeDataString(id)}";

    private static async Task<string?> ReadLineAsync(StreamReader reader, CancellationToken cancellation)
    {
        try
        {
            return await reader.ReadLineAsync(cancellation);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            throw new CommandFailedException(
                ExitCode.Internal, FailureCodes.ServerUnreachable, "The server closed the connection.", "lambent up");
        }
    }

    private static LogLine? Parse(string line)
    {
        try
        {
            return JsonSerializer.Deserialize(line, NativeJson.Default.LogLine);
        }
        catch (JsonException)
        {
            throw new CommandFailedException(
                ExitCode.Internal, FailureCodes.ServerAnswerUnreadable, "A log line is not what this API promises.",
                "check --endpoint and AWS_ENDPOINT_URL");
        }
    }
}
