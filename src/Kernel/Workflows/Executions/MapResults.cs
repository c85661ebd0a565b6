using System.Globalization;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Workflows.Executions;

/// <summary>What a Map's results look like: with all that is known of each iteration, or its output alone.</summary>
public static class MapResults
{
    public const string None = "NONE";
    public const string Compact = "COMPACT";
    public const string Flatten = "FLATTEN";

    /// <summary>The name of a run; its last piece tells which part of the execution's journal it is.</summary>
    public static string RunArn(ExecutionIdentity identity, string name, long sequence)
    {
        var region = identity.Arn.Split(':')[3];
        var id = identity.Id;
        return $"arn:aws:states:{region}:{id.Account}:mapRun:{id.Machine}/{name}:{RunId(identity, sequence)}";
    }

    public static string RunId(ExecutionIdentity identity, long sequence) =>
        string.Create(CultureInfo.InvariantCulture, $"{identity.Id.Name}.{sequence}");

    /// <summary>What an iteration gives to a list of results: with FLATTEN the items of its output.</summary>
    public static IReadOnlyList<DataValue> Of(
        ExecutionIdentity identity, (string Name, long Sequence) run, MapIteration iteration, string transformation) =>
        iteration.Status != ExecutionStatus.Succeeded || transformation == None
            ? [Described(identity, run, iteration)]
            : transformation == Flatten && iteration.Output is DataArray array
                ? array.Items
                : [iteration.Output!];

    internal static DataArray Of(ExecutionIdentity identity, FanOut fan, string transformation) => new(
        [.. fan.Ended.Where(ended => ended.Status == ExecutionStatus.Succeeded)
            .OrderBy(ended => ended.Index)
            .SelectMany(ended => Of(identity, fan.Run, ended, transformation))]);

    private static DataObject Described(
        ExecutionIdentity identity, (string Name, long Sequence) run, MapIteration iteration)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"{RunId(identity, run.Sequence)}.{iteration.Index}");
        var members = new OrderedDictionary<string, DataValue>();
        Add(members, "Cause", iteration.Cause);
        Add(members, "Error", iteration.Error);
        members["ExecutionArn"] =
            $"{identity.Arn[..identity.Arn.LastIndexOf(':')]}/{run.Name}:{name}";
        Add(members, "Input", iteration.Input?.ToString());
        members["InputDetails"] = new DataObject(("Included", iteration.Input is not null));
        members["Name"] = name;
        Add(members, "Output", iteration.Output?.ToString());
        if (iteration.Status == ExecutionStatus.Succeeded)
        {
            members["OutputDetails"] = new DataObject(("Included", true));
        }

        members["RedriveCount"] = 0;
        members["RedriveStatus"] = iteration.Status is ExecutionStatus.Succeeded or ExecutionStatus.Running
            ? "NOT_REDRIVABLE"
            : "REDRIVABLE";
        if (iteration.Status == ExecutionStatus.Succeeded)
        {
            members["RedriveStatusReason"] = "Execution is SUCCEEDED and cannot be redriven";
        }

        Add(members, "StartDate", TimeText(iteration.StartedAt));
        members["StateMachineArn"] = $"{identity.MachineArn}/{run.Name}";
        members["Status"] = iteration.Status switch
        {
            ExecutionStatus.Succeeded => "SUCCEEDED",
            ExecutionStatus.Failed => "FAILED",
            ExecutionStatus.Aborted => "ABORTED",
            _ => "PENDING",
        };
        Add(members, "StopDate", TimeText(iteration.StoppedAt));
        return new DataObject(members);
    }

    private static void Add(OrderedDictionary<string, DataValue> members, string name, string? value)
    {
        if (value is not null)
        {
            members[name] = value;
        }
    }

    private static string? TimeText(DateTimeOffset? time) =>
        time?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);
}
