using Lambent.Kernel;
using Lambent.Kernel.Storage;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Kernel.Workflows.Journal;
using Lambent.Server.Delivery;

namespace Lambent.Server.Workflows;

/// <summary>What is written of an execution: events, its row, and the tasks that are done with them.</summary>
internal sealed partial class ExecutionRunner
{
    /// <summary>Does a task within the store, with everything that is decided before it.</summary>
    private async Task<Error?> PerformAsync(LoadedExecution execution, StoredWork work, DateTimeOffset now)
    {
        var interpreter = execution.Interpreter;
        var earlier = interpreter.TakeEvents();
        if (earlier.Count > 0 && await WriteAsync(execution, earlier) is { } unwritten)
        {
            return unwritten;
        }

        JournalEvent? prepared = null;
        var record = execution.Record;
        var written = await store.WriteAsync<bool>(transaction =>
        {
            prepared = null;
            if (!lease.IsHeld(transaction))
            {
                return DeliveryLease.Lost;
            }

            if (interpreter.Prepare(work.Task, work.IsSubmitted, now) is not { } empty)
            {
                return false;
            }

            if (work.Perform(transaction).Failed(out var result, out var refused))
            {
                return refused;
            }

            prepared = empty with { Output = result };
            return Record(transaction, execution, prepared) ? true : DeliveryLease.Lost;
        });
        if (written.Error is { } error)
        {
            if (error.Code == ErrorCode.Draining)
            {
                return error;
            }

            interpreter.FailToSubmit(work.Task, TaskStarter.NameOf(error), error.Message, now);
            work.Complete(false);
            return null;
        }

        if (prepared is not null)
        {
            Accept(execution, prepared);
            work.Performed();
        }

        work.Complete(prepared is not null);
        return null;
    }

    /// <summary>Writes the event that a task within the store ends with.</summary>
    /// <returns>False when somebody else has gone on with the execution.</returns>
    private static bool Record(ITransaction transaction, LoadedExecution execution, JournalEvent prepared)
    {
        var record = execution.Record;
        if (!execution.IsDurable)
        {
            return true;
        }

        if (!transaction.Journal.Append(record.Id.Account, record.Key, [prepared]))
        {
            return false;
        }

        if (prepared.Type == JournalEventType.ExecutionContinued)
        {
            // It has ended in the write that begins the next one.
            transaction.Executions.Change(ExecutionFiles.Continued(record, prepared), ExecutionActivity.Over, null);
        }

        return true;
    }

    private static void Accept(LoadedExecution execution, JournalEvent written)
    {
        execution.Interpreter.Accept(written);
        execution.Observed?.Add(written);
        execution.Nested = NestedTasks.Of(execution.Interpreter.Execution);
        if (written.Type == JournalEventType.ExecutionContinued)
        {
            execution.Record = ExecutionFiles.Continued(execution.Record, written);
            execution.Activity = ExecutionActivity.Over;
        }
    }

    private void TellEnd(ExecutionRecord before, ExecutionRecord after)
    {
        if (before.Status == ExecutionStatus.Running && after.Status != ExecutionStatus.Running)
        {
            Ended?.Invoke(after);
        }
    }

    /// <summary>Makes durable what was decided, with where the execution stands now.</summary>
    private async Task<Error?> WriteAsync(LoadedExecution execution, IReadOnlyList<JournalEvent> events)
    {
        var state = execution.Interpreter.Execution;
        var (activity, wakeAt) = ExecutionFiles.StandingOf(execution.Interpreter, time.GetUtcNow());
        var record = ExecutionFiles.With(execution.Record, state);
        if (!execution.IsDurable)
        {
            // It is in memory or nowhere.
            execution.Observed?.AddRange(events);
            TellEnd(execution.Record, record);
            execution.Record = record;
            execution.Activity = state.IsOver ? ExecutionActivity.Over : ExecutionActivity.Active;
            return null;
        }

        var changes = activity != execution.Activity || record != execution.Record
            || (activity == ExecutionActivity.Parked && wakeAt != execution.WakeAt);
        if (events.Count == 0 && !changes)
        {
            return null;
        }

        var nested = NestedTasks.Of(state);
        var abandoned = NestedTasks.Abandoned(execution.Nested, nested, events);
        var written = await store.WriteAsync<Done>(transaction =>
        {
            if (!lease.IsHeld(transaction))
            {
                return DeliveryLease.Lost;
            }

            if (events.Count > 0 && !transaction.Journal.Append(record.Id.Account, record.Key, events))
            {
                return DeliveryLease.Lost;
            }

            if (changes)
            {
                transaction.Executions.Change(record, activity, wakeAt);
            }

            if (!ReferenceEquals(record.Attributes, execution.Record.Attributes))
            {
                transaction.Executions.SetAttributes(record);
            }

            foreach (var unwanted in abandoned.Select(task => NestedTasks.Begun(task, region)).OfType<ExecutionId>())
            {
                transaction.Executions.Wake(unwanted, time.GetUtcNow());
            }

            ExecutionFiles.Follow(transaction, record, state, events, time.GetUtcNow());
            return Done.Value;
        });
        if (written.Error is { } failure)
        {
            return failure;
        }

        TellEnd(execution.Record, record);
        (execution.Record, execution.Activity, execution.WakeAt) = (record, activity, wakeAt);
        execution.Nested = nested;
        tasks.Stop(this, abandoned);
        return null;
    }
}
