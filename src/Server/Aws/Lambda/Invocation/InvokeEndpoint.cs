using System.Text;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Environments;
using Lambent.Kernel.Events;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Invocations;
using Lambent.Kernel.Storage;
using Lambent.Kernel.Traces;
using Lambent.Sandbox.Channels;
using Lambent.Server.Access;
using Lambent.Server.Aws.Protocols;
using Lambent.Server.Delivery;
using Lambent.Server.Dispatch;
using Lambent.Server.Functions;
using Lambent.Server.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Lambent.Server.Aws.Lambda.Invocation;

/// <summary>
/// Invoke (POST /2015-03-31/functions/NAME/invocations) and InvokeWithResponseStream
/// (POST /2021-11-15/functions/NAME/response-streaming-invocations). Not in the table of operations: the hot path
/// goes around routing and answers from the environment's buffer.
/// </summary>
internal sealed class InvokeEndpoint(
    FunctionDirectory directory,
    Dispatcher dispatcher,
    EventInbox inbox,
    SynchronousDestinations destinations,
    IRequestAuthenticator authenticator,
    IAuthorizer authorizer,
    FunctionArns arns,
    RequestIds requestIds,
    CallTraces traces,
    TimeProvider time)
{
    /// <summary>
    /// A smaller body is read before its signature is looked at, so that the signature is checked once.
    /// </summary>
    private const int BodyBytesUnchecked = 64 * Limits.KiB;

    private const string PlainPrefix = "/2015-03-31/functions/";
    private const string PlainSuffix = "/invocations";
    private const string StreamPrefix = "/2021-11-15/functions/";
    private const string StreamSuffix = "/response-streaming-invocations";

    /// <summary>Answers when the request is an Invoke; null when it is for somebody else.</summary>
    public Task? TryServe(HttpContext http)
    {
        if (!HttpMethods.IsPost(http.Request.Method))
        {
            return null;
        }

        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var end = target.IndexOf('?', StringComparison.Ordinal);
        var path = end < 0 ? target : target[..end];
        if (Name(path, PlainPrefix, PlainSuffix) is { } name)
        {
            return ServeAsync(http, name, streamed: false);
        }

        return Name(path, StreamPrefix, StreamSuffix) is { } streamedName
            ? ServeAsync(http, streamedName, streamed: true)
            : null;
    }

    private static string? Name(string path, string prefix, string suffix)
    {
        if (!path.StartsWith(prefix, StringComparison.Ordinal)
            || !path.EndsWith(suffix, StringComparison.Ordinal)
            || path.Length <= prefix.Length + suffix.Length)
        {
            return null;
        }

        var name = path[prefix.Length..^suffix.Length];
        return name.Contains('/', StringComparison.Ordinal) ? null : Uri.UnescapeDataString(name);
    }

    private async Task ServeAsync(HttpContext http, string name, bool streamed)
    {
        var requestId = requestIds.Next();
        http.Response.Headers[AwsEndpoints.RequestIdHeader] = requestId;
        using var body = new PooledBuffer();
        Error? error;
        try
        {
            error = await CallAsync(http, name, streamed, requestId, body);
        }
        catch (StoreException refused)
        {
            error = new Error(refused.Code, refused.Message);
        }

        if (error is not null)
        {
            await AwsEndpoints.WriteAsync(http, requestId, AwsErrors.CallResponse(error));
        }
    }

    private async ValueTask<Error?> CallAsync(
        HttpContext http, string name, bool streamed, string requestId, PooledBuffer body)
    {
        // :: Step 1: Read the body, which the signature covers; a large one only of a caller who has a key.
        if (http.Request.ContentLength is null or > BodyBytesUnchecked && authenticator.CheckHead(http) is { } stranger)
        {
            return stranger;
        }

        if (!await PooledBody.TryReadAsync(http.Request, body, Limits.RequestPayloadBytesMax))
        {
            return new Error(
                ErrorCode.RequestTooLarge,
                $"Request must be smaller than {Limits.RequestPayloadBytesMax} bytes for the InvokeFunction operation");
        }

        // :: Step 2: Who asks, for which function, and may they?
        var authenticated = await authenticator.AuthenticateAsync(http, body.Written);
        if (authenticated.Failed(out var principal, out var unknown))
        {
            return unknown;
        }

        var qualifier = http.Request.Query["Qualifier"] is { Count: > 0 } values ? values[0] : null;
        var parsed = FunctionReference.Parse(
            name, qualifier, principal.Account, arns.Region, FunctionReferenceRule.Namespaced);
        if (parsed.Failed(out var reference, out var unreadable))
        {
            return unreadable;
        }

        if (authorizer.Authorize(principal, "lambda:InvokeFunction", reference.Id, reference.Qualifier)
            .Error is { } denied)
        {
            return denied;
        }

        // :: Step 3: What exactly is asked?
        if (InvokeRequest.Read(http.Request.Headers).Failed(out var request, out var invalid))
        {
            return invalid;
        }

        if (body.Length == 0)
        {
            body.GetSpan(2)[0] = (byte)'{';
            body.GetSpan(2)[1] = (byte)'}';
            body.Advance(2);
        }
        else if (InvokeRequest.CheckPayload(body.Written.Span) is { } notJson)
        {
            return notJson;
        }

        // :: Step 4: Do it.
        return await RouteAsync(http, reference, request, streamed, requestId, body);
    }

    private async ValueTask<Error?> RouteAsync(
        HttpContext http,
        FunctionReference reference,
        InvokeRequest request,
        bool streamed,
        string requestId,
        PooledBuffer body)
    {
        var function = directory.Find(reference.Id);
        var specification = function?.Route(reference.Qualifier, Random.Shared.NextDouble());
        if (function is null || specification is null)
        {
            return new Error(
                ErrorCode.FunctionNotFound,
                $"Function not found: {arns.Function(reference.Id, reference.QualifierOrLatest)}",
                "FunctionName");
        }

        if (function.CallableOf(
            specification.Version) is { State: FunctionState.Pending or FunctionState.Failed } waiting)
        {
            return new Error(
                ErrorCode.FunctionNotReady,
                "The operation cannot be performed at this time. The function is currently in the following state: "
                + waiting.State);
        }

        if (request.Type == InvocationType.DryRun)
        {
            http.Response.StatusCode = StatusCodes.Status204NoContent;
            return null;
        }

        if (request.Type == InvocationType.Event)
        {
            return await AcceptAsync(http, reference, request, requestId, body);
        }

        return await CallAsync(http, new Route(reference, function, specification), request, streamed, requestId, body);
    }

    private async ValueTask<Error?> CallAsync(
        HttpContext http, Route route, InvokeRequest request, bool streamed, string requestId, PooledBuffer body)
    {
        var (reference, function, specification) = route;
        var stream = streamed ? new EventStreamResponse(http.Response, specification.Version) : null;
        using var collected = new CollectedResponse();
        var invocation = new Kernel.Invocations.Invocation
        {
            RequestId = requestId,
            InvokedArn = reference.Qualifier is null ? function.Arn : $"{function.Arn}:{reference.Qualifier}",
            Payload = body.Written,
            ClientContext = request.ClientContext,
            Trace = traces.Begin(request.Trace, requestId),
            WantsLogTail = request.WantsLogTail,
            ResponseStream = (IResponseStream?)stream ?? collected,
        };

        // Before the call: a streamed answer starts while the function runs.
        http.Response.Headers[XRayHeader.Header] = XRayHeader.Format(invocation.Trace.Passed);
        var result = await dispatcher.InvokeAsync(function, specification, invocation, "invoke");
        if (result.Failed(out var outcome, out var refused))
        {
            return refused;
        }

        using (outcome)
        {
            await outcome.StreamsEnded;
            if (function.SyncDestination is not null)
            {
                await destinations.HandOverAsync(
                    function, invocation, outcome, Response(outcome, collected), specification.Version);
            }

            await (stream?.CompleteAsync(outcome) ?? AnswerAsync(http, outcome, collected, specification.Version));
            return null;
        }
    }

    private async ValueTask<Error?> AcceptAsync(
        HttpContext http, FunctionReference reference, InvokeRequest request, string requestId, PooledBuffer body)
    {
        if (body.Length > Limits.EventPayloadBytesMax)
        {
            return new Error(
                ErrorCode.RequestTooLarge,
                $"{body.Length} byte payload is too large for the Event invocation type "
                + $"(limit {Limits.EventPayloadBytesMax} bytes)");
        }

        if (EventHeaders.Read(http.Request.Headers).Failed(out var asked, out var invalid))
        {
            return invalid;
        }

        var now = time.GetUtcNow();
        var accepted = await inbox.AcceptAsync(
            new AsyncEvent
            {
                Id = requestId,
                Target = DeliveryTarget.OfFunction(reference.Id, reference.Qualifier),
                Payload = body.Written.ToArray(),
                ClientContext = request.ClientContext,
                TraceHeader = XRayHeader.Format(request.Trace.IsNone ? traces.Root(requestId) : request.Trace),
                AcceptedAt = now,
                FirstDueAt = now + asked.Delay,
                DueAt = now + asked.Delay,
                Policy = asked.Policy,
            },
            asked.IdempotencyKey,
            http.RequestAborted);
        if (accepted.Failed(out var acceptance, out var refused))
        {
            return refused;
        }

        http.Response.Headers[EventHeaders.EventId] = acceptance.EventId;
        http.Response.StatusCode = StatusCodes.Status202Accepted;
        http.Response.ContentLength = 0;
        return null;
    }

    private static ValueTask AnswerAsync(
        HttpContext http, InvocationOutcome outcome, CollectedResponse collected, string version)
    {
        if (collected.IsTooLarge)
        {
            outcome = OutcomeErrors.ResponseTooLarge();
        }

        var response = http.Response;
        var payload = Response(outcome, collected);
        response.StatusCode = StatusCodes.Status200OK;
        response.ContentType = "application/json";
        response.ContentLength = payload.Length;
        response.Headers["X-Amz-Executed-Version"] = version;
        if (!outcome.IsSuccess)
        {
            response.Headers["X-Amz-Function-Error"] = "Unhandled";
        }

        if (outcome.LogTail is { } tail)
        {
            response.Headers["X-Amz-Log-Result"] = Convert.ToBase64String(tail);
        }

        payload.Span.CopyTo(response.BodyWriter.GetSpan(payload.Length));
        response.BodyWriter.Advance(payload.Length);
        return FlushAsync(response);
    }

    private static ReadOnlyMemory<byte> Response(InvocationOutcome outcome, CollectedResponse collected) =>
        outcome.IsSuccess && !collected.Bytes.IsEmpty ? collected.Bytes : outcome.Payload;

    private static async ValueTask FlushAsync(HttpResponse response) =>
        await response.BodyWriter.FlushAsync(response.HttpContext.RequestAborted);

    /// <summary>What a call goes to.</summary>
    private readonly record struct Route(
        FunctionReference Reference, FunctionSnapshot Function, EnvironmentSpecification Specification);
}
