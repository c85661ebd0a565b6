using Lambent.Kernel;
using Lambent.Kernel.Logs;
using Lambent.Kernel.Values;
using Lambent.Server.Aws.Protocols;
using Lambent.Storage.Telemetry;

namespace Lambent.Server.Aws.Logs;

/// <summary>
/// StartLiveTail: a stream of events, a round each second, until the caller leaves, three hours have passed or the
/// server stops. A round that has more than 500 lines is cut, and says so.
/// </summary>
internal sealed class LiveTail(LogsServices services)
{
    private const int GroupsMax = 10;
    private const int LinesPerRound = 500;
    private const string JsonType = "application/x-amz-json-1.1";

    private static readonly TimeSpan Round = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan SessionMax = TimeSpan.FromHours(3);

    public async Task<Result<DataObject>> ServeAsync(LogsCall call)
    {
        var input = call.Input;
        var identifiers = input.Texts("logGroupIdentifiers");
        var names = input.Texts("logStreamNames");
        var prefixes = input.Texts("logStreamNamePrefixes");
        var text = input.Text("logEventFilterPattern", 0, Limits.LogFilterLengthMax) ?? "";
        input.Require("logGroupIdentifiers");
        if (input.Has("logGroupIdentifiers") && identifiers.Count is 0 or > GroupsMax)
        {
            input.Violate("logGroupIdentifiers", null, $"Member must have length from 1 to {GroupsMax}");
        }

        if (input.Failure is { } invalid)
        {
            return invalid;
        }

        if (LogPattern.Parse(text).Failed(out var pattern, out var wrong))
        {
            return wrong;
        }

        var tails = new List<(LogTail Tail, string Group)>();
        try
        {
            foreach (var identifier in identifiers)
            {
                if (LogArns.GroupOf(identifier, services.Region) is not { } group
                    || services.Store.Groups.Find(call.Account, group) is null)
                {
                    return LogsErrors.NoGroup();
                }

                tails.Add((services.Store.Follow(new TelemetryQuery
                {
                    Account = call.Account,
                    Function = LogSources.OfGroup(group),
                    Filter = new LineFilter { Pattern = pattern },
                }), group));
            }

            await StreamAsync(call, tails, names, prefixes);
            return DataObject.Empty;
        }
        finally
        {
            tails.ForEach(tail => tail.Tail.Dispose());
        }
    }

    private async Task StreamAsync(
        LogsCall call,
        List<(LogTail Tail, string Group)> tails,
        IReadOnlyList<string> names,
        IReadOnlyList<string> prefixes)
    {
        var response = call.Http.Response;
        response.ContentType = EventStream.ContentType;
        response.Headers[AwsEndpoints.RequestIdHeader] = call.RequestId;
        Write(call, "initial-response", DataObject.Empty);
        Write(call, "sessionStart", new DataObject(
            ("requestId", call.RequestId),
            ("sessionId", call.RequestId),
            ("logGroupIdentifiers", new DataArray([.. tails.Select(tail =>
                (DataValue)LogArns.OfGroup(services.Region, call.Account, tail.Group))])),
            ("logStreamNames", new DataArray([.. names.Select(name => (DataValue)name)])),
            ("logStreamNamePrefixes", new DataArray([.. prefixes.Select(name => (DataValue)name)]))));
        using var session = new CancellationTokenSource(SessionMax, services.Time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(
            call.Http.RequestAborted, services.Stopping, session.Token);
        using var timer = new PeriodicTimer(Round, services.Time);
        try
        {
            await response.BodyWriter.FlushAsync(ending.Token);
            while (await timer.WaitForNextTickAsync(ending.Token))
            {
                Write(call, "sessionUpdate", Update(call, tails, names, prefixes));
                await response.BodyWriter.FlushAsync(ending.Token);
            }
        }
        catch (OperationCanceledException)
        {
            // The caller left, or it is over.
        }
    }

    private DataObject Update(
        LogsCall call,
        List<(LogTail Tail, string Group)> tails,
        IReadOnlyList<string> names,
        IReadOnlyList<string> prefixes)
    {
        var results = new List<DataValue>();
        var sampled = false;
        foreach (var (tail, group) in tails)
        {
            var streams = default(Dictionary<string, LogStream>);
            while (tail.Entries.TryRead(out var entry))
            {
                streams ??= GroupParameter.Streams(services, call, group) ?? [];
                var stream = ReadEvents.StreamOf(streams, entry);
                var wanted = (names.Count == 0 || names.Contains(stream)) && (prefixes.Count == 0
                    || prefixes.Any(prefix => stream.StartsWith(prefix, StringComparison.Ordinal)));
                sampled |= wanted && results.Count == LinesPerRound;
                if (wanted && results.Count < LinesPerRound)
                {
                    results.Add(new DataObject(
                        ("logStreamName", stream),
                        ("logGroupIdentifier", $"{call.Account}:{group}"),
                        ("message", entry.Text),
                        ("timestamp", entry.Time.ToUnixTimeMilliseconds()),
                        ("ingestionTime", entry.Time.ToUnixTimeMilliseconds())));
                }
            }
        }

        return new DataObject(
            ("sessionMetadata", new DataObject(("sampled", sampled))),
            ("sessionResults", new DataArray(results)));
    }

    private static void Write(LogsCall call, string type, DataObject payload) => EventStream.WriteEvent(
        call.Http.Response.BodyWriter,
        type,
        type == "initial-response" ? JsonType : "application/json",
        DataWriter.ToUtf8(payload));
}
