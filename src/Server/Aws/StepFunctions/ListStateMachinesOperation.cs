using Lambent.Kernel;
using Lambent.Kernel.Values;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>The account's state machines by name, page by page.</summary>
internal static class ListStateMachinesOperation
{
    public static StepFunctionsOperation Create(StepFunctionsServices services) =>
        new("ListStateMachines", null, call => Handle(services, call));

    private static Result<DataObject> Handle(StepFunctionsServices services, StepFunctionsCall call) =>
        StepFunctionsPage.Read(services, call).Select(page => page.Answer(
            services,
            call,
            "",
            "stateMachines",
            services.Machines.List(call.Account, page.After, page.Size + 1),
            machine => MachineShapes.Summary(machine, services.Region),
            machine => machine.Id.Name));
}
