using Lambent.Server.Aws.Protocols;
using System.Text;
using Lambent.Kernel;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Values;
using Lambent.Storage.Telemetry;

namespace Lambent.Server.Aws.Logs;

/// <summary>PutLogEvents: lines that programs write themselves. Answered when they can be read.</summary>
internal sealed class WriteEvents(LogsServices services)
{
    private const int EventOverheadBytes = 26;
    private static readonly TimeSpan AgeMax = TimeSpan.FromDays(14);
    private static readonly TimeSpan AheadMax = TimeSpan.FromHours(2);
    private static readonly TimeSpan SpanMax = TimeSpan.FromHours(24);

    public async Task<Result<DataObject>> PutAsync(LogsCall call)
    {
        var input = call.Input;
        var group = input.GroupName("logGroupName");
        var name = input.StreamName("logStreamName");
        input.Text("sequenceToken");
        input.Require("logGroupName");
        input.Require("logStreamName");
        input.Require("logEvents");
        var events = Read(input);
        if (input.Failure is { } invalid)
        {
            return invalid;
        }

        if (Check(events) is { } wrong)
        {
            return wrong;
        }

        if (services.Store.Groups.Find(call.Account, group!) is not { } found)
        {
            return LogsErrors.NoGroup();
        }

        if (services.Store.Groups.FindStream(call.Account, group!, name!) is not { } stream)
        {
            return LogsErrors.NoStream();
        }

        var source = new FunctionId(call.Account, LogSources.OfGroup(group!));
        var (rejected, accepted) = Sort(events, found);
        foreach (var (time, message) in accepted)
        {
            var line = new LogLine(source, "", stream.EnvironmentId, null, time, message);
            if (!services.Store.TryWrite(line))
            {
                return new Error(ErrorCode.InvocationRateExceeded, "Rate exceeded");
            }
        }

        await services.Store.FlushAsync();
        var answer = new DataObject(("nextSequenceToken", "0"));
        return rejected.Count == 0 ? answer : answer.With("rejectedLogEventsInfo", rejected);
    }

    private static List<(DateTimeOffset Time, string Message)> Read(JsonInput input)
    {
        var events = new List<(DateTimeOffset, string)>();
        foreach (var item in input.Structures("logEvents"))
        {
            var time = item.Time("timestamp");
            var message = item.RequiredText("message");
            item.Require("timestamp");
            events.Add((time ?? default, message));
        }

        if (input.Has("logEvents") && events.Count is 0 or > Limits.LogBatchEventsMax)
        {
            input.Violate(
                "logEvents",
                null,
                events.Count == 0
                    ? "Member must have length greater than or equal to 1"
                    : $"Member must have length less than or equal to {Limits.LogBatchEventsMax}");
        }

        return events;
    }

    private static Error? Check(List<(DateTimeOffset Time, string Message)> events)
    {
        var bytes = events.Sum(entry => Encoding.UTF8.GetByteCount(entry.Message) + EventOverheadBytes);
        if (bytes > Limits.LogBatchBytesMax)
        {
            return new Error(
                ErrorCode.InvalidParameter,
                $"Upload too large: {bytes} bytes exceeds limit of {Limits.LogBatchBytesMax}");
        }

        if (events.Zip(events.Skip(1)).Any(pair => pair.Second.Time < pair.First.Time))
        {
            return new Error(
                ErrorCode.InvalidParameter,
                "Log events in a single PutLogEvents request must be in chronological order.");
        }

        return events[^1].Time - events[0].Time > SpanMax
            ? new Error(
                ErrorCode.InvalidParameter,
                "The batch of log events in a single PutLogEvents request cannot span more than 24 hours.")
            : null;
    }

    /// <summary>What is too old or lies ahead is left out and said, as AWS does.</summary>
    private (DataObject Rejected, List<(DateTimeOffset Time, string Message)> Accepted) Sort(
        List<(DateTimeOffset Time, string Message)> events, LogGroup group)
    {
        var now = services.Time.GetUtcNow();
        var tooOld = events.FindLastIndex(entry => entry.Time < now - AgeMax);
        var expired = group.RetentionDays is { } days
            ? events.FindLastIndex(entry => entry.Time < now.AddDays(-days))
            : -1;
        var tooNew = events.FindIndex(entry => entry.Time > now + AheadMax);
        var rejected = DataObject.Empty;
        if (tooNew >= 0)
        {
            rejected = rejected.With("tooNewLogEventStartIndex", tooNew);
        }

        if (tooOld >= 0)
        {
            rejected = rejected.With("tooOldLogEventEndIndex", tooOld + 1);
        }

        if (expired > tooOld)
        {
            rejected = rejected.With("expiredLogEventEndIndex", expired + 1);
        }

        var first = Math.Max(tooOld, expired) + 1;
        var end = tooNew < 0 ? events.Count : tooNew;
        return (rejected, first < end ? events[first..end] : []);
    }
}
