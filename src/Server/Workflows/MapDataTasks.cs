using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Interpretation;
using Lambent.Server.Objects;

namespace Lambent.Server.Workflows;

/// <summary>
/// Reads the items of distributed Maps from buckets, and writes their results. Both may be done again after a crash:
/// what was read counts when its digest is in the journal, and what is written is the same the second time.
/// </summary>
internal sealed class MapDataTasks(ObjectService objects) : ITaskCaller
{
    public string Service => "s3";

    public async Task<TaskEnding?> CallAsync(ExecutionRunner runner, LoadedExecution execution, OpenTask task)
    {
        var account = execution.Record.Id.Account;
        if (task.Resource.Action != "putObject")
        {
            var selection = execution.Interpreter.SelectionOf(task);

            // Whoever began the task goes on meanwhile.
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            using var reader = new ItemReading(objects, account, task.Parameters, selection);
            if (reader.Read(task.Resource.Action).Failed(out var source, out var unread))
            {
                return reader.Unselected is { } failure
                    ? TaskEnding.Failed(failure.Error, failure.Cause)
                    : TaskEnding.Failed(StateErrors.ItemReaderFailed, unread.Message);
            }

            // The file is held until the journal refers to it.
            await runner.SayAsync(
                execution.Handle,
                (interpreter, now) => interpreter.Succeed(task.Number, source.ToValue(), now));
            return null;
        }

        // As it stands now: nothing of this Map changes until its results are written, and other branches may.
        var state = execution.Interpreter.Execution;
        var writing = new ResultWriting(
            objects, state.Identity, state.RunOf(task), state.IterationsOf(task), task.Parameters);
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        return (await writing.WriteAsync()).Failed(out var written, out var unwritten)
            ? TaskEnding.Failed(StateErrors.ResultWriterFailed, unwritten.Message)
            : TaskEnding.Of(written);
    }
}
