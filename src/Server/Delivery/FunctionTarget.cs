using System.Text.Json;
using Lambent.Kernel.Events;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Traces;
using Lambent.Server.Dispatch;
using Lambent.Server.Functions;

namespace Lambent.Server.Delivery;

/// <summary>Events for functions: an attempt is a call.</summary>
internal sealed class FunctionTarget(
    FunctionDirectory directory, Dispatcher dispatcher, Random chance, TimeProvider time) : IEventTarget
{
    private const int ErrorLengthMax = 1_024;

    public DeliverySettings SettingsOf(AsyncEvent candidate) =>
        directory.Find(candidate.Target.Function)?.DeliveryOf(candidate.Target.Qualifier) ?? DeliverySettings.Default;

    public async ValueTask<AttemptReport> AttemptAsync(AsyncEvent attempted, CancellationToken stopping)
    {
        var target = attempted.Target;
        var function = directory.Find(target.Function);
        var specification = function?.Route(target.Qualifier, chance.NextDouble());
        if (function is null || specification is null)
        {
            return AttemptReport.Gone;
        }

        if (function.Function.ReservedConcurrency == 0)
        {
            return AttemptReport.Disabled;
        }

        var replay = ReplayMark.Parse(attempted.Source);
        var invocation = new Invocation
        {
            RequestId = attempted.Id,
            InvokedArn = target.Qualifier is null ? function.Arn : $"{function.Arn}:{target.Qualifier}",
            Payload = attempted.Payload,
            ClientContext = attempted.ClientContext,
            Trace = new CallTrace(XRayHeader.Parse(attempted.TraceHeader), Span: 0),
            Queued = time.GetUtcNow() - attempted.DueAt,
            CameFrom = replay?.CameFrom ?? (attempted.Source == AsyncEvent.FromCaller ? null : attempted.Source),
            ReplayOf = replay?.Original,
        };
        var result = await dispatcher.InvokeAsync(function, specification, invocation, "event");
        if (result.Failed(out var outcome, out var refusal))
        {
            return AttemptReport.Refused with { Error = refusal.Message };
        }

        using (outcome)
        {
            return new AttemptReport(outcome.IsSuccess ? AttemptResult.Succeeded : AttemptResult.Failed)
            {
                Response = outcome.Payload.ToArray(),
                Error = outcome.IsSuccess ? null : Describe(outcome.Payload),
                ExecutedVersion = specification.Version,
                Trace = invocation.Trace.Passed,
            };
        }
    }

    /// <summary>The message of an error object, with its type; any other payload as it is.</summary>
    private static string Describe(ReadOnlyMemory<byte> payload)
    {
        string text;
        try
        {
            using var document = JsonDocument.Parse(payload);
            var root = document.RootElement;
            text = root.ValueKind == JsonValueKind.Object
                && root.TryGetProperty("errorMessage", out var message) && message.ValueKind == JsonValueKind.String
                    ? root.TryGetProperty("errorType", out var type) && type.ValueKind == JsonValueKind.String
                        ? $"{type.GetString()}: {message.GetString()}"
                        : message.GetString()!
                    : root.GetRawText();
        }
        catch (JsonException)
        {
            text = System.Text.Encoding.UTF8.GetString(payload.Span);
        }

        return text.Length > ErrorLengthMax ? text[..ErrorLengthMax] : text;
    }
}
