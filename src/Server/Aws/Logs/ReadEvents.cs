using Lambent.Kernel;
using Lambent.Kernel.Logs;
using Lambent.Kernel.Values;
using Lambent.Server.Aws.Protocols;
using Lambent.Storage.Telemetry;

namespace Lambent.Server.Aws.Logs;

/// <summary>GetLogEvents: one stream, forwards and backwards. FilterLogEvents: a group, with a pattern.</summary>
internal sealed class ReadEvents(LogsServices services)
{
    private const int StreamNamesMax = 100;

    /// <summary>A page that was cut before anything was found still names a place to go on.</summary>
    private static readonly string Beginning = new('0', 39);

    public Result<DataObject> Get(LogsCall call)
    {
        var input = call.Input;
        var group = GroupParameter.Read(input, services.Region);
        var name = input.StreamName("logStreamName");
        input.Require("logStreamName");
        var (since, until) = Times(input);
        var limit = (int)(input.Integer("limit", 1, Limits.LogPageEventsMax) ?? Limits.LogPageEventsMax);
        var token = input.Text("nextToken");
        var fromHead = input.Flag("startFromHead") ?? false;
        input.Flag("unmask");
        if (input.Failure is { } invalid)
        {
            return invalid;
        }

        if (token is not null && !IsToken(token))
        {
            return LogsErrors.WrongToken();
        }

        if (services.Store.Groups.Find(call.Account, group) is null)
        {
            return LogsErrors.NoGroup();
        }

        if (services.Store.Groups.FindStream(call.Account, group, name!) is not { } stream)
        {
            return LogsErrors.NoStream();
        }

        var forwards = token is null ? fromHead : token[0] == 'f';
        var place = token?[2..];
        var read = services.Store.ReadLog(new TelemetryQuery
        {
            Account = call.Account,
            Function = LogSources.OfGroup(group),
            Environments = new HashSet<string> { stream.EnvironmentId },

            // What lies outside of the stream's times is not looked at.
            Since = Later(since, stream.First),
            Until = Earlier(until, stream.Last?.AddTicks(1)),
            NewestFirst = !forwards,
            Limit = limit,
            BytesMax = Limits.LogPageBytesMax,
            PageToken = place,
        });
        if (read.Failed(out var page, out var failure))
        {
            return failure;
        }

        var events = forwards ? page.Items : [.. page.Items.Reverse()];
        place ??= Beginning;
        return new DataObject(
            ("events", new DataArray([.. events.Select(entry => (DataValue)new DataObject(
                ("timestamp", entry.Time.ToUnixTimeMilliseconds()),
                ("message", entry.Text),
                ("ingestionTime", entry.Time.ToUnixTimeMilliseconds())))])),
            ("nextForwardToken", "f/" + (events.Count > 0 ? events[^1].Id : place)),
            ("nextBackwardToken", "b/" + (events.Count > 0 ? events[0].Id : place)));
    }

    public Result<DataObject> Filter(LogsCall call)
    {
        var input = call.Input;
        var group = GroupParameter.Read(input, services.Region);
        var names = input.Texts("logStreamNames");
        var prefix = input.StreamName("logStreamNamePrefix");
        var (since, until) = Times(input);
        var text = input.Text("filterPattern", 0, Limits.LogFilterLengthMax) ?? "";
        var limit = (int)(input.Integer("limit", 1, Limits.LogPageEventsMax) ?? Limits.LogPageEventsMax);
        var token = input.Text("nextToken");
        input.Flag("interleaved");
        input.Flag("unmask");
        if (names.Count > StreamNamesMax)
        {
            input.Violate(
                "logStreamNames", null, $"Member must have length less than or equal to {StreamNamesMax}");
        }

        if (input.Failure is { } invalid)
        {
            return invalid;
        }

        if (names.Count > 0 && prefix is not null)
        {
            return new Error(
                ErrorCode.InvalidParameter, "logStreamNames and logStreamNamePrefix must not be given together.");
        }

        if (LogPattern.Parse(text).Failed(out var pattern, out var wrong))
        {
            return wrong;
        }

        if (services.Markers.Open(call.Operation, call.Account, token).Failed(out var place, out _))
        {
            return LogsErrors.WrongToken();
        }

        if (GroupParameter.Streams(services, call, group) is not { } streams)
        {
            return LogsErrors.NoGroup();
        }

        var narrowed = names.Count > 0 || prefix is not null;
        if (names.FirstOrDefault(name => streams.Values.All(stream => stream.Name != name)) is not null)
        {
            return LogsErrors.NoStream();
        }

        return Page(call, streams, new TelemetryQuery
        {
            Account = call.Account,
            Function = LogSources.OfGroup(group),
            Environments = narrowed
                ? streams.Values
                    .Where(stream => prefix is null
                        ? names.Contains(stream.Name)
                        : stream.Name.StartsWith(prefix, StringComparison.Ordinal))
                    .Select(stream => stream.EnvironmentId).ToHashSet()
                : null,
            Filter = new LineFilter { Pattern = pattern },
            Since = since,
            Until = until,
            Limit = limit,
            BytesMax = Limits.LogPageBytesMax,
            PageToken = place,
        });
    }

    private Result<DataObject> Page(LogsCall call, Dictionary<string, LogStream> streams, TelemetryQuery query)
    {
        if (services.Store.ReadLog(query).Failed(out var page, out var failure))
        {
            return failure;
        }

        var answer = new DataObject(
            ("events", new DataArray([.. page.Items.Select(entry => (DataValue)new DataObject(
                ("logStreamName", StreamOf(streams, entry)),
                ("timestamp", entry.Time.ToUnixTimeMilliseconds()),
                ("message", entry.Text),
                ("ingestionTime", entry.Time.ToUnixTimeMilliseconds()),
                ("eventId", entry.Id)))])),
            ("searchedLogStreams", DataArray.Empty));
        return page.NextToken is { } next
            ? answer.With("nextToken", services.Markers.Seal(call.Operation, call.Account, next))
            : answer;
    }

    public static string StreamOf(Dictionary<string, LogStream> streams, LogEntry entry) =>
        streams.TryGetValue(entry.EnvironmentId, out var stream)
            ? stream.Name
            : LogSources.StreamName(entry.Function, entry.Version, entry.EnvironmentId, entry.Time);

    /// <summary>Both ends belong to the range, and times here are finer than milliseconds.</summary>
    private static (DateTimeOffset? Since, DateTimeOffset? Until) Times(JsonInput input)
    {
        var (since, until) = (input.Time("startTime"), input.Time("endTime"));
        return (since, until?.AddMilliseconds(until < DateTimeOffset.MaxValue.AddDays(-1) ? 1 : 0));
    }

    private static bool IsToken(string token) =>
        token.Length == 2 + Beginning.Length && token[0] is 'f' or 'b' && token[1] == '/'
        && !token.AsSpan(2).ContainsAnyExceptInRange('0', '9');

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null || other > one ? other : one;

    private static DateTimeOffset? Earlier(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null || other < one ? other : one;
}
