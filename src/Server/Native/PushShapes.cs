using System.Text.Json.Serialization;
using Lambent.Kernel.Queues.Push;
using Lambent.Server.Push;

namespace Lambent.Server.Native;

/// <summary>The shapes of /v1/queues/NAME/push.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(PutPushRequest))]
[JsonSerializable(typeof(PushAnswer))]
[JsonSerializable(typeof(PushesAnswer))]
[JsonSerializable(typeof(PushedMessagesAnswer))]
[JsonSerializable(typeof(PushedMessageAnswer))]
internal sealed partial class PushJson : JsonSerializerContext;

/// <summary>What is absent stays as it is, or is as in a new push queue.</summary>
internal sealed record PutPushRequest
{
    /// <summary>multicast or unicast.</summary>
    public string? Mode { get; init; }

    public IReadOnlyList<SubscriberRequest?>? Subscribers { get; init; }

    public int? Retries { get; init; }

    public int? RetryDelaySeconds { get; init; }

    public int? Concurrency { get; init; }

    public string? ErrorQueue { get; init; }

    public string? Secret { get; init; }
}

internal sealed record SubscriberRequest(
    string? Name, string? Url, IReadOnlyDictionary<string, string?>? Headers);

internal sealed record SubscriberAnswer(string Name, string Url, IReadOnlyDictionary<string, string>? Headers);

internal sealed record PushesAnswer(IReadOnlyList<PushAnswer> Queues);

/// <summary>How a queue pushes, and what that came to since the start of the server.</summary>
internal sealed record PushAnswer
{
    public required string Queue { get; init; }

    public required string Mode { get; init; }

    /// <summary>enabled or paused.</summary>
    public required string State { get; init; }

    public required IReadOnlyList<SubscriberAnswer> Subscribers { get; init; }

    public required int Retries { get; init; }

    public required int RetryDelaySeconds { get; init; }

    public required int Concurrency { get; init; }

    public required string ErrorQueue { get; init; }

    /// <summary>Messages under way.</summary>
    public required int Running { get; init; }

    public required long Attempts { get; init; }

    public required long FailedAttempts { get; init; }

    public required long Delivered { get; init; }

    public required long GivenUp { get; init; }

    public string? LastProblem { get; init; }

    public required DateTimeOffset CreatedAt { get; init; }

    public required DateTimeOffset LastModifiedAt { get; init; }

    /// <summary>Only in the answer that made it.</summary>
    public string? Secret { get; init; }

    public static PushAnswer From(PushQueue push, PushView view, string? secret = null) => new()
    {
        Queue = push.Id.Name,
        Mode = push.Mode.ToString().ToLowerInvariant(),
        State = push.IsEnabled ? "enabled" : "paused",
        Subscribers =
        [
            .. push.Subscribers.Select(one =>
                new SubscriberAnswer(one.Name, one.Url, one.Headers.IsEmpty ? null : one.Headers)),
        ],
        Retries = push.RetriesMax,
        RetryDelaySeconds = push.RetryDelaySeconds,
        Concurrency = push.ConcurrencyMax,
        ErrorQueue = push.ErrorQueueName,
        Running = view.Running,
        Attempts = view.Counts.Attempts,
        FailedAttempts = view.Counts.FailedAttempts,
        Delivered = view.Counts.Delivered,
        GivenUp = view.Counts.GivenUp,
        LastProblem = view.Counts.LastProblem,
        CreatedAt = push.CreatedAt,
        LastModifiedAt = push.ModifiedAt,
        Secret = secret,
    };
}

/// <param name="Messages">Those that are tried again or wait for an acknowledgement, the oldest first.</param>
/// <param name="Next">What to give as after for more, or null.</param>
internal sealed record PushedMessagesAnswer(IReadOnlyList<PushedMessageAnswer> Messages, string? Next);

internal sealed record PushedMessageAnswer
{
    public required string Id { get; init; }

    public DateTimeOffset? SentAt { get; init; }

    /// <summary>When it is tried, or looked at, next.</summary>
    public DateTimeOffset? NextAt { get; init; }

    public required int Rounds { get; init; }

    public string? Problem { get; init; }

    public required IReadOnlyList<PushedToAnswer> Subscribers { get; init; }

    public static PushedMessageAnswer From(PushedMessage message) => new()
    {
        Id = message.Progress.MessageId,
        SentAt = message.SentAt,
        NextAt = message.NextLookAt,
        Rounds = message.Progress.Rounds,
        Problem = message.Progress.Problem,
        Subscribers =
        [
            .. message.Progress.Subscribers.Select(one => new PushedToAnswer(
                one.Key,
                one.Value.State.ToString().ToLowerInvariant(),
                one.Value.Tries,
                one.Value.StatusCode,
                one.Value.Problem,
                one.Value.LastTriedAt,
                one.Value.DueAt)),
        ],
    };
}

/// <param name="State">pending, accepted, delivered or failed.</param>
internal sealed record PushedToAnswer(
    string Name,
    string State,
    int Tries,
    int? Status,
    string? Problem,
    DateTimeOffset? LastTriedAt,
    DateTimeOffset? NextAt);
