using Lambent.Kernel.Workflows.Definitions;
using Lambent.Kernel.Workflows.Journal;

namespace Lambent.Kernel.Workflows.Executions;

/// <summary>Maps whose items or results are files.</summary>
public sealed partial class Execution
{
    private const string Service = "s3";

    /// <summary>What became of the iterations of the Map that a task writes the results of, in their order.</summary>
    public IReadOnlyList<MapIteration> IterationsOf(OpenTask task)
    {
        if (branches[task.Branch].FanOut is not { } fan)
        {
            return [];
        }

        var pending = Enumerable.Range(fan.NextIndex, fan.Total - fan.NextIndex)
            .Select(index => new MapIteration { Index = index, Status = ExecutionStatus.Running });
        return [.. fan.Ended.OrderBy(ended => ended.Index), .. pending];
    }

    /// <summary>The run that a task belongs to.</summary>
    public (string Name, long Sequence) RunOf(OpenTask task) => branches[task.Branch].FanOut?.Run ?? ("", 0);

    private static void ApplyToMapData(Branch branch, JournalEvent happened)
    {
        switch (happened.Type, branch.FanOut)
        {
            case (JournalEventType.MapDataScheduled, _):
                var state = (MapState)branch.State;
                var resource = branch.FanOut is null ? state.ItemReader!.Resource : state.ResultWriter!.Resource!;
                branch.Phase = BranchPhase.Started;
                branch.Task = new OpenTask
                {
                    Number = happened.Sequence,
                    Branch = branch.Id,
                    StateName = branch.StateName,
                    Resource = new TaskResource(
                        resource,
                        TaskResourceKind.MapData,
                        Service,
                        resource[(resource.LastIndexOf(':') + 1)..]),
                    Parameters = happened.Input!,
                    Token = null,
                    IsStarted = true,
                };
                break;
            case (JournalEventType.MapDataSucceeded, null):
                (branch.Task, branch.Source) = (null, MapSource.From(happened.Output!));
                branch.Phase = BranchPhase.Entered;
                break;
            case (JournalEventType.MapDataSucceeded, { } fan):
                (branch.Task, fan.Written, branch.Phase) = (null, happened.Output, BranchPhase.Fanned);
                break;
            case (_, null):
                Fail(branch, happened);
                break;
            case (_, { } fan):
                (branch.Task, branch.Phase, fan.HasLostData) = (null, BranchPhase.Fanned, true);
                (fan.Error, fan.Cause) = (happened.Error, happened.Cause);
                break;
        }
    }
}
