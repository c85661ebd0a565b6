using Lambent.Kernel;
using Lambent.Kernel.Values;

namespace Lambent.Server.Aws.StepFunctions;

/// <summary>Tags of a state machine or an activity.</summary>
internal static class ListTagsForResourceOperation
{
    public static StepFunctionsOperation Create(StepFunctionsServices services) =>
        new("ListTagsForResource", "resourceArn", call => Handle(services, call));

    private static Result<DataObject> Handle(StepFunctionsServices services, StepFunctionsCall call) =>
        TaggedResource.Read(services, call).Select(tags => new DataObject(("tags", MachineShapes.Tags(tags))));
}
