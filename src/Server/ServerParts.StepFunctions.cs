using Lambent.Kernel.Storage;
using Lambent.Server.Access;
using Lambent.Server.Aws.Protocols;
using Lambent.Server.Aws.StepFunctions;
using Lambent.Server.Workflows;
using Microsoft.Extensions.Logging;

namespace Lambent.Server;

/// <summary>AWS's API for state machines.</summary>
internal sealed partial class ServerParts
{
    public StepFunctionsEndpoint StepFunctions { get; private set; } = null!;

    private ExecutionSweeper ExecutionSweeper { get; set; } = null!;

    private async Task OpenStepFunctionsAsync(
        ServerOptions options,
        IStore store,
        AccessKeySource keys,
        RequestIds ids,
        CancellationToken cancellation)
    {
        var (region, time) = (options.Region, options.Time);
        ExecutionSweeper = OwnAsync(new ExecutionSweeper(store, time, Loggers.CreateLogger<ExecutionSweeper>()));
        var operations = StepFunctionsOperations.All(new StepFunctionsServices
        {
            Machines = new StateMachineService(store, ExecutionSweeper, ids.Next, region, time),
            Activities = new ActivityService(store, ActivityWorkers, region, time, Stopping),
            Executions = Executions,
            Tester = new StateTester(ExecutionRunner, ids.Next, region, time),
            Markers = await PageMarkers.LoadAsync(store, cancellation),
            Region = region,
            Time = time,
        });
        var verifier = new SignatureVerifier(
            keys, new SignatureScope(region, StepFunctionsEndpoint.Service), time);
        StepFunctions = new StepFunctionsEndpoint(
            verifier, operations, ids.Next, Loggers.CreateLogger<StepFunctionsEndpoint>());
    }
}
