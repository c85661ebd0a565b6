using System.Globalization;
using Lambent.Kernel;
using Lambent.Kernel.Events;
using Microsoft.AspNetCore.Http;

namespace Lambent.Server.Aws.Lambda.Invocation;

/// <summary>
/// What an Invoke of type Event may ask for besides what AWS has, in headers, so that every client can send it.
/// </summary>
internal sealed record EventHeaders(string? IdempotencyKey, TimeSpan Delay, EventPolicy Policy)
{
    /// <summary>In the answer: the event's id, by which it can be looked at, waited for and cancelled.</summary>
    public const string EventId = "X-Lambent-Event-Id";

    private const string KeyHeader = "X-Lambent-Idempotency-Key";
    private const string DelayHeader = "X-Lambent-Delay-Seconds";
    private const string PriorityHeader = "X-Lambent-Priority";
    private const string ResultHeader = "X-Lambent-Keep-Result";

    private static readonly EventHeaders None = new(null, TimeSpan.Zero, EventPolicy.None);

    public static Result<EventHeaders> Read(IHeaderDictionary headers)
    {
        var key = Text(headers, KeyHeader);
        if (key?.Length > Limits.IdempotencyKeyLengthMax)
        {
            return Invalid(KeyHeader, $"has at most {Limits.IdempotencyKeyLengthMax} characters");
        }

        if (Number(headers, DelayHeader, (int)Limits.EventDelayMax.TotalSeconds).Failed(out var delay, out var late))
        {
            return late;
        }

        if (Number(headers, PriorityHeader, Limits.EventPriorityMax).Failed(out var priority, out var unknown))
        {
            return unknown;
        }

        var keeps = Text(headers, ResultHeader);
        if (keeps is not (null or "true" or "false"))
        {
            return Invalid(ResultHeader, "is true or false");
        }

        return key is null && delay == 0 && priority == 0 && keeps != "true"
            ? None
            : new EventHeaders(
                key,
                TimeSpan.FromSeconds(delay),
                EventPolicy.None with { Priority = priority, KeepsResult = keeps == "true" });
    }

    private static string? Text(IHeaderDictionary headers, string name) =>
        headers[name] is { Count: > 0 } values && values[0] is { Length: > 0 } value ? value : null;

    private static Result<int> Number(IHeaderDictionary headers, string name, int most)
    {
        if (Text(headers, name) is not { } text)
        {
            return 0;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number <= most
            ? number
            : Invalid(name, $"is a whole number from 0 to {most}");
    }

    private static Error Invalid(string name, string rule) =>
        new(ErrorCode.InvalidParameter, $"The header {name} {rule}.", name);
}
