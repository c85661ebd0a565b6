using Lambent.Kernel;
using Lambent.Kernel.Values;
using Lambent.Storage.Telemetry;

namespace Lambent.Server.Aws.Logs;

/// <summary>Streams: made, listed, deleted.</summary>
internal sealed class StreamOperations(LogsServices services)
{
    private const int PageMax = 50;

    public IEnumerable<LogsOperation> All() =>
    [
        new("CreateLogStream", CreateAsync),
        new("DeleteLogStream", DeleteAsync),
        new("DescribeLogStreams", Describe),
    ];

    private static (string Group, string Stream) Names(LogsCall call)
    {
        var group = call.Input.GroupName("logGroupName");
        var stream = call.Input.StreamName("logStreamName");
        call.Input.Require("logGroupName");
        call.Input.Require("logStreamName");
        return (group ?? "", stream ?? "");
    }

    private async Task<Result<DataObject>> CreateAsync(LogsCall call)
    {
        var (group, stream) = Names(call);
        if (call.Input.Failure is { } invalid)
        {
            return invalid;
        }

        if (services.Store.Groups.Find(call.Account, group) is null)
        {
            return LogsErrors.NoGroup();
        }

        if (services.Store.Groups.FindStream(call.Account, group, stream) is not null)
        {
            return new Error(ErrorCode.ResourceConflict, "The specified log stream already exists");
        }

        await services.Store.Groups.CreateStreamAsync(call.Account, group, stream);
        return DataObject.Empty;
    }

    private async Task<Result<DataObject>> DeleteAsync(LogsCall call)
    {
        var (group, name) = Names(call);
        if (call.Input.Failure is { } invalid)
        {
            return invalid;
        }

        if (services.Store.Groups.Find(call.Account, group) is null)
        {
            return LogsErrors.NoGroup();
        }

        await services.Store.FlushAsync();
        if (services.Store.Groups.FindStream(call.Account, group, name) is not { } stream)
        {
            return LogsErrors.NoStream();
        }

        await services.Store.Groups.DeleteStreamAsync(call.Account, group, stream);
        return DataObject.Empty;
    }

    private Result<DataObject> Describe(LogsCall call)
    {
        var group = GroupParameter.Read(call.Input, services.Region);
        var prefix = call.Input.StreamName("logStreamNamePrefix") ?? "";
        var byTime = call.Input.OneOf("orderBy", "LogStreamName", "LastEventTime") == "LastEventTime";
        var descending = call.Input.Flag("descending") ?? false;
        var limit = (int)(call.Input.Integer("limit", 1, PageMax) ?? PageMax);
        var token = call.Input.Text("nextToken");
        if (call.Input.Failure is { } invalid)
        {
            return invalid;
        }

        if (byTime && prefix.Length > 0)
        {
            return new Error(ErrorCode.InvalidParameter, "Cannot order by LastEventTime with a logStreamNamePrefix.");
        }

        var seal = $"{call.Operation} {group} {byTime} {descending}";
        if (services.Markers.Open(seal, call.Account, token).Failed(out var after, out _))
        {
            return LogsErrors.WrongToken();
        }

        if (services.Store.Groups.ListStreams(call.Account, group, prefix) is not { } streams)
        {
            return LogsErrors.NoGroup();
        }

        var order = streams
            .Select(stream => (Stream: stream, Key: byTime ? TimeKey(stream) + stream.Name : stream.Name))
            .Order(Comparer<(LogStream Stream, string Key)>.Create((one, other) =>
                string.CompareOrdinal(one.Key, other.Key) * (descending ? -1 : 1)))
            .Where(entry => after is null || string.CompareOrdinal(entry.Key, after) * (descending ? -1 : 1) > 0)
            .Take(limit + 1)
            .ToList();
        var shapes = order.Take(limit).Select(entry => (DataValue)Shape(call, group, entry.Stream));
        var page = new DataObject(("logStreams", new DataArray([.. shapes])));
        return order.Count > limit
            ? page.With("nextToken", services.Markers.Seal(seal, call.Account, order[limit - 1].Key))
            : page;
    }

    private static string TimeKey(LogStream stream) =>
        (stream.Last ?? stream.CreatedAt).ToUnixTimeMilliseconds().ToString("D15");

    private DataObject Shape(LogsCall call, string group, LogStream stream)
    {
        var shape = new DataObject(
            ("logStreamName", stream.Name),
            ("creationTime", stream.CreatedAt.ToUnixTimeMilliseconds()),
            ("arn", LogArns.OfStream(services.Region, call.Account, group, stream.Name)),
            ("storedBytes", 0)); // AWS gives 0 for every stream since 2019.
        return stream is { First: { } first, Last: { } last }
            ? shape.With(new DataObject(
                ("firstEventTimestamp", first.ToUnixTimeMilliseconds()),
                ("lastEventTimestamp", last.ToUnixTimeMilliseconds()),
                ("lastIngestionTime", last.ToUnixTimeMilliseconds()),
                ("uploadSequenceToken", "0")))
            : shape;
    }
}
