using System.Globalization;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Executions;

namespace Lambent.Kernel.Workflows.Interpretation;

/// <summary>What expressions may know of their surroundings: <c>$$</c> and <c>$states.context</c>.</summary>
internal static class ContextObject
{
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public static DataObject Of(Execution execution, Branch branch, string? token = null)
    {
        var identity = execution.Identity;
        var execute = new OrderedDictionary<string, DataValue>
        {
            ["Id"] = identity.Arn,
            ["Input"] = execution.Input,
            ["StartTime"] = Text(execution.StartedAt),
            ["Name"] = identity.Id.ShownName,
            ["RoleArn"] = identity.RoleArn,
            ["RedriveCount"] = execution.RedriveCount,
        };
        if (execution.RedrivenAt is { } redriven)
        {
            execute["RedriveTime"] = Text(redriven);
        }

        var members = new OrderedDictionary<string, DataValue>
        {
            ["Execution"] = new DataObject(execute),
            ["StateMachine"] = new DataObject(("Id", identity.MachineArn), ("Name", identity.Id.Machine)),
            ["State"] = new DataObject(
                ("Name", branch.StateName),
                ("EnteredTime", Text(branch.EnteredAt)),
                ("RetryCount", branch.RetryCount)),
        };
        if (token is not null)
        {
            members["Task"] = new DataObject(("Token", token));
        }

        if (Iteration(branch) is { } iteration)
        {
            members["Map"] = ItemOf(iteration.Index, iteration.Item!);
        }

        return new DataObject(members);
    }

    /// <summary>What an <c>ItemSelector</c> sees beside it.</summary>
    public static DataObject WithItem(DataObject context, int index, DataValue item) =>
        context.With("Map", ItemOf(index, item));

    private static DataObject ItemOf(int index, DataValue item) =>
        new(("Item", new DataObject(("Index", index), ("Value", item))));

    private static Branch? Iteration(Branch? branch)
    {
        while (branch is { Item: null })
        {
            branch = branch.Parent;
        }

        return branch;
    }

    private static string Text(DateTimeOffset time) =>
        time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);
}
