using System.Text.Json.Serialization;
using Lambent.Kernel.Queues;
using Lambent.Server.Insight;

namespace Lambent.Server.Native;

/// <summary>The shapes of /v1/queues.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(QueueAnswer))]
[JsonSerializable(typeof(QueuesAnswer))]
internal sealed partial class QueueJson : JsonSerializerContext;

/// <param name="Queues">In order of their names.</param>
/// <param name="Next">What to give as after for more, or null.</param>
internal sealed record QueuesAnswer(IReadOnlyList<QueueAnswer> Queues, string? Next);

internal sealed record QueueAnswer
{
    public required string Name { get; init; }

    public required string Arn { get; init; }

    public required string Url { get; init; }

    public required bool Fifo { get; init; }

    public required bool Priorities { get; init; }

    /// <summary>Messages that can be received; CloudWatch's ApproximateNumberOfMessagesVisible.</summary>
    public required long Waiting { get; init; }

    /// <summary>ApproximateNumberOfMessagesNotVisible.</summary>
    public required long InFlight { get; init; }

    /// <summary>ApproximateNumberOfMessagesDelayed.</summary>
    public required long Delayed { get; init; }

    public string? DeadLetterQueue { get; init; }

    /// <summary>Messages in <see cref="DeadLetterQueue"/>, whatever queue they come from.</summary>
    public long? Dead { get; init; }

    /// <summary>ApproximateAgeOfOldestMessage; absent when there is none.</summary>
    public double? OldestAgeSeconds { get; init; }

    public required double ArrivalsPerSecond { get; init; }

    public required double ReceivesPerSecond { get; init; }

    public required double DrainPerSecond { get; init; }

    /// <summary>NumberOfMessagesSent since the server started; the next ones likewise.</summary>
    public required long Sent { get; init; }

    public required long Received { get; init; }

    public required long Deleted { get; init; }

    public required long EmptyReceives { get; init; }

    /// <summary>Messages that no filter of a trigger let pass.</summary>
    public required long Filtered { get; init; }

    public required int VisibilityTimeoutSeconds { get; init; }

    public required IReadOnlyList<ConsumerAnswer> Consumers { get; init; }

    /// <summary>Why its messages are where they are, the most important first.</summary>
    public required IReadOnlyList<QueueReason> Why { get; init; }

    public static QueueAnswer From(QueueReport report, Uri server, string region)
    {
        var (id, figures) = (report.Queue.Id, report.Figures);
        return new QueueAnswer
        {
            Name = id.Name,
            Arn = id.Arn(region),
            Url = new Uri(server, $"/{id.Account}/{id.Name}").ToString(),
            Fifo = id.IsFifo,
            Priorities = report.Queue.HasPriorities,
            Waiting = report.Counts.Visible,
            InFlight = report.Counts.InFlight,
            Delayed = report.Counts.Delayed,
            DeadLetterQueue = report.DeadLetters?.Name,
            Dead = report.DeadLetters?.Messages,
            OldestAgeSeconds = report.OldestAge?.TotalSeconds,
            ArrivalsPerSecond = Math.Round(figures.SentPerSecond, 3),
            ReceivesPerSecond = Math.Round(figures.ReceivedPerSecond, 3),
            DrainPerSecond = Math.Round(figures.DeletedPerSecond, 3),
            Sent = figures.Sent,
            Received = figures.Received,
            Deleted = figures.Deleted,
            EmptyReceives = figures.EmptyReceives,
            Filtered = report.Filtered,
            VisibilityTimeoutSeconds = report.Queue.Settings.VisibilityTimeoutSeconds,
            Consumers = [.. report.Consumers.Select(ConsumerAnswer.From)],
            Why = report.Reasons,
        };
    }
}

/// <param name="Name">Such as "function ship" or "push".</param>
/// <param name="State">enabled or disabled.</param>
/// <param name="Running">Batches, or messages, under way.</param>
/// <param name="Limit">The most there may be.</param>
/// <param name="Problem">What was wrong with the last one, or why there is no room; null when all is well.</param>
internal sealed record ConsumerAnswer(string Name, string State, int Running, int Limit, string? Problem)
{
    public static ConsumerAnswer From(QueueConsumer consumer) => new(
        consumer.Name,
        consumer.IsEnabled ? "enabled" : "disabled",
        consumer.Running,
        consumer.Limit,
        consumer.RefusedBecause ?? consumer.Problem);
}
