using Lambent.Kernel;

namespace Lambent.Server.Aws.Sqs;

/// <summary>Stops a redrive; what it moved stays moved.</summary>
internal static class CancelMessageMoveTaskOperation
{
    public static SqsOperation Create(SqsServices services) =>
        new("CancelMessageMoveTask", SqsScope.Account, call => HandleAsync(services, call));

    private static async Task<Result<SqsStructure>> HandleAsync(SqsServices services, SqsCall call)
    {
        var handle = call.Input.Required("TaskHandle");
        if (call.Input.Failure is { } unreadable)
        {
            return unreadable;
        }

        var read = MoveTaskHandle.Read(handle, call.Principal.Account, services.Queues.Region);
        if (read.Failed(out var task, out var invalid))
        {
            return invalid;
        }

        var moved = await services.Moves.CancelAsync(task.Source, task.TaskId, call.Aborted);
        return moved.Select(count => new SqsStructure(
            ("ApproximateNumberOfMessagesMoved", new SqsNumber(count))));
    }
}
