using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Server.Workflows;
using Lambent.Simulation.Servers;

namespace Lambent.Simulation.Executions;

/// <summary>A function that adds one, takes its time, and fails now and then.</summary>
internal sealed class ExecutionFunctions(World world, LifeSupport support, ExecutionAuditor auditor) : ITaskCaller
{
    private const double FailureRate = 0.1;

    public string Service => "lambda";

    public async Task<TaskEnding?> CallAsync(ExecutionRunner runner, LoadedExecution execution, OpenTask task)
    {
        auditor.Called(execution.Record, task);
        await Task.Delay(TimeSpan.FromSeconds(support.Chance.NextDouble() * 4), support.Time);
        if (world.Faults.Happens(FailureRate))
        {
            return TaskEnding.Failed("Flaky", "by chance");
        }

        var input = (DataObject)task.Parameters;
        return TaskEnding.Of(input.With("n", ((DataNumber)input["n"]!).Value + 1));
    }
}
