using System.Text.Encodings.Web;
using System.Text.Json;
using Lambent.Kernel;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Queues.Push;
using Lambent.Kernel.Storage;
using Lambent.Server.Queues;

namespace Lambent.Server.Push;

/// <summary>
/// Writes what became of a message that was pushed, in one transaction: it is gone, or hidden until its next attempt,
/// or in the error queue. So it is in one place at every moment.
/// </summary>
internal static class PushSettlement
{
    private const int ProblemLengthMax = 200;
    private const int ReportedMax = 16;

    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="transaction">Where to.</param>
    /// <param name="push">The settings.</param>
    /// <param name="queue">The push queue.</param>
    /// <param name="state">The message as it is stored now.</param>
    /// <param name="step">What follows.</param>
    /// <param name="now">The time.</param>
    /// <param name="region">For ARNs.</param>
    /// <returns>The error queue, when it got something.</returns>
    public static QueueId? Write(
        ITransaction transaction,
        PushQueue push,
        Queue queue,
        MessageState state,
        PushStep step,
        DateTimeOffset now,
        string region)
    {
        Queue? errorQueue = null;
        if (step.HasFailed)
        {
            errorQueue = transaction.Queues.Get(push.ErrorQueue);
            if (errorQueue is null)
            {
                // Whoever made the queue decided that nothing is dropped.
                step = PushStep.Keep(
                    push, step, $"The error queue {push.ErrorQueueName} does not exist: make it again.", now);
            }
        }

        if (step.DueAt is { } due)
        {
            transaction.Push.PutProgress(queue.Lane, state.Sequence, step.Progress);
            Hide(transaction, queue, state, due);
            return null;
        }

        transaction.Push.DeleteProgress(queue.Lane, state.Sequence);
        if (errorQueue is null)
        {
            MessageGroups.Delete(transaction, queue.Lane, state);
            return null;
        }

        MoveToErrors(transaction, queue, state, errorQueue, step.Progress, now, region);
        return errorQueue.Id;
    }

    private static void Hide(ITransaction transaction, Queue queue, MessageState state, DateTimeOffset due)
    {
        var latest = state.ReceivedAt?.AddSeconds(Limits.VisibilityTimeoutSecondsMax);
        MessageGroups.Change(
            transaction, queue.Lane, state with { VisibleAt = due > latest ? latest.Value : due });
    }

    /// <summary>As to a dead-letter queue: with its id, its body, its attributes and where it came from.</summary>
    private static void MoveToErrors(
        ITransaction transaction,
        Queue queue,
        MessageState state,
        Queue errorQueue,
        PushProgress progress,
        DateTimeOffset now,
        string region)
    {
        var content = transaction.Messages.Content(queue.Lane, state.Sequence);
        var attributes = content.Attributes;
        if (attributes.ContainsKey(PushRules.FailedAttribute) || attributes.Count < Limits.MessageAttributesMax)
        {
            attributes = attributes.SetItem(
                PushRules.FailedAttribute, new MessageAttribute("String", Report(progress), null));
        }

        var sequence = transaction.Messages.TakeSequences(errorQueue.Lane, 1);
        MessageGroups.Move(
            transaction,
            queue.Lane,
            state.Sequence,
            errorQueue.Lane,
            MessageLifeCycle.MoveToDeadLetters(state, sequence, now) with
            {
                Priority = MessagePriority.In(errorQueue, attributes),
            },
            content with { Attributes = attributes, DeadLetterSourceArn = queue.Id.Arn(region) });
    }

    private static string Report(PushProgress progress)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, Options))
        {
            writer.WriteStartArray();
            foreach (var (name, one) in progress.Subscribers
                .Where(one => one.Value.State == PushState.Failed).Take(ReportedMax))
            {
                var problem = one.Problem ?? "";
                writer.WriteStartObject();
                writer.WriteString("subscriber", name);
                writer.WriteNumber("tries", one.Tries);
                if (one.StatusCode is { } status)
                {
                    writer.WriteNumber("status", status);
                }

                writer.WriteString("problem", problem[..Math.Min(problem.Length, ProblemLengthMax)]);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        return System.Text.Encoding.UTF8.GetString(buffer.ToArray());
    }
}
