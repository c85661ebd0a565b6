using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Journal;

namespace Lambent.Kernel.Workflows.Interpretation;

/// <summary>
/// Maps whose items or results are files. Reading and writing them is work that others do and that is recorded, as a
/// task is; the items themselves are handed in when it is their turn, from a file that never changes.
/// </summary>
public sealed partial class Interpreter
{
    /// <summary>Items without which a Map cannot begin its next iteration; null when none does.</summary>
    public WantedItems? Wanted()
    {
        if (execution.IsOver || execution.IsPaused)
        {
            return null;
        }

        foreach (var branch in execution.Active)
        {
            if (branch is { Phase: BranchPhase.Fanned, FanOut: { Source: { } source, IsFailed: false } fan }
                && fan.NextIndex < fan.Total && !fan.HasNextItem)
            {
                return new WantedItems(branch.Id, source.Digest, fan.NextIndex);
            }
        }

        return null;
    }

    /// <summary>Hands in items that are wanted.</summary>
    /// <param name="wanted">Which.</param>
    /// <param name="items">From the first one on; as many as the caller likes, but one at least.</param>
    public void Supply(WantedItems wanted, IReadOnlyList<DataValue> items) =>
        execution.Branches[wanted.Branch].FanOut!.Window = (wanted.First, items);

    /// <summary>The items that are wanted cannot be had.</summary>
    public void FailSupply(WantedItems wanted, string cause, DateTimeOffset at)
    {
        now = at;
        Emit(execution.Branches[wanted.Branch], JournalEventType.MapDataFailed, failed => failed with
        {
            Error = StateErrors.ItemReaderFailed, Cause = cause,
        });
    }

    /// <summary>What the items that a task reads are to become before batches are made of them; null: stay.</summary>
    public ItemSelection? SelectionOf(OpenTask task) =>
        execution.Branches[task.Branch] is { State: MapState { ItemBatcher: not null } state } branch
            ? SelectionOf(branch, state)
            : null;

    private ItemSelection? SelectionOf(Branch branch, MapState state) =>
        // What its fields see of the input was found when the Map began, and does not change.
        state.ItemSelector is { } selector && SeenBy(branch) is { Failure: null } seen
            ? new ItemSelection(selector, ScopeOf(branch) with { Input = seen.Value })
            : null;

    private void ReadItems(Branch branch, MapState state)
    {
        var parameters = MapPlan.Reading(state, ScopeOf(branch), SeenBy(branch));
        if (parameters.Failure is { } failure)
        {
            HandleFailure(branch, failure);
            return;
        }

        Emit(branch, JournalEventType.MapDataScheduled, scheduled => scheduled with
        {
            Name = state.Name, Input = parameters.Value,
        });
    }

    /// <summary>Whether all has ended and the results are to be written first.</summary>
    private static bool MustWrite(MapState state, FanOut fan) =>
        state.ResultWriter?.Resource is not null && fan.Written is null && !fan.HasLostData && !fan.IsRunOver;

    private void WriteResults(Branch branch, MapState state, FanOut fan)
    {
        var writer = state.ResultWriter!;
        var seen = SeenBy(branch);
        var arguments = seen.Failure is null
            ? writer.Arguments?.Evaluate(ScopeOf(branch) with { Input = seen.Value }) ?? DataObject.Empty
            : seen;
        if (arguments.Failure is { } failure)
        {
            HandleFailure(branch, failure);
            return;
        }

        Emit(branch, JournalEventType.MapDataScheduled, scheduled => scheduled with
        {
            Name = state.Name,
            Input = new DataObject(
                ("Arguments", arguments.Value),
                ("Transformation", writer.Transformation ?? MapResults.None),
                ("OutputType", writer.OutputType ?? "JSON"),
                ("MapRunArn", MapResults.RunArn(execution.Identity, fan.Run.Name, fan.Run.Sequence)),
                ("RunId", MapResults.RunId(execution.Identity, fan.Run.Sequence))),
        });
    }
}
