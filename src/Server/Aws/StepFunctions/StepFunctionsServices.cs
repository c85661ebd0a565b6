using Lambent.Server.Aws.Protocols;
using Lambent.Server.Workflows;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>What the operations call.</summary>
internal sealed class StepFunctionsServices
{
    public required StateMachineService Machines { get; init; }

    public required ActivityService Activities { get; init; }

    public required ExecutionService Executions { get; init; }

    public required StateTester Tester { get; init; }

    public required PageMarkers Markers { get; init; }

    public required string Region { get; init; }

    public required TimeProvider Time { get; init; }
}
