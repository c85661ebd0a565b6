using Lambent.Kernel;
using Lambent.Kernel.Storage;
using Lambent.Server.Access;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;

namespace Lambent.Server.Aws.Protocols;

/// <summary>
/// Serves a table of operations: each request is read, authenticated, authorized, handled and answered here, in this
/// order, so that no operation can forget a step.
/// </summary>
/// <param name="newId">Makes the request ids that answers and log lines carry.</param>
internal sealed partial class AwsEndpoints(
    IRequestAuthenticator authenticator, IAuthorizer authorizer, Func<string> newId, ILogger<AwsEndpoints> logger)
{
    public const string RequestIdHeader = "x-amzn-RequestId";

    private readonly RequestBodyBudget bodies = new();

    /// <summary>
    /// Maps the operations, and everything else below the dates that their paths start with to UnknownOperation.
    /// </summary>
    /// <param name="reservedDates">Further dates the API is known by, none of whose operations is served.</param>
    public void Map(
        IEndpointRouteBuilder routes, IReadOnlyList<AwsOperation> operations, IEnumerable<string> reservedDates)
    {
        foreach (var group in operations.GroupBy(operation => (operation.Method, operation.Pattern)))
        {
            // Those with a selector first: the one without takes what they leave.
            AwsOperation[] choices = [.. group.OrderBy(operation => operation is { Selector: null, AppliesTo: null })];
            routes.MapMethods(group.Key.Pattern, [group.Key.Method], http => ServeAsync(http, choices));
        }

        var dates = operations.Select(operation => operation.Pattern.Split('/')[1]).Concat(reservedDates);
        foreach (var date in dates.Distinct(StringComparer.Ordinal))
        {
            routes.Map($"/{date}/{{**rest}}", http => WriteAsync(http, newId(), AwsErrors.Response(Unknown(http))));
        }
    }

    private async Task ServeAsync(HttpContext http, AwsOperation[] choices)
    {
        var requestId = newId();
        var operation = Array.Find(choices, choice => Selects(choice, http));
        AwsResponse response;
        try
        {
            var result = operation is null ? Unknown(http) : await AnswerAsync(http, operation);
            response = result.Failed(out var success, out var failure) ? AwsErrors.Response(failure) : success;
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // The caller is gone, and with it whoever would read an answer.
            return;
        }
        catch (BadHttpRequestException)
        {
            // The request broke off or breaks HTTP; the server has the right answer for each case.
            throw;
        }
        catch (StoreException refused)
        {
            LogStoreRefused(logger, operation?.Name, requestId, refused.Code, refused);
            response = AwsErrors.Response(new Error(refused.Code, refused.Message));
        }
        catch (Exception bug) when (!http.Response.HasStarted)
        {
            LogUnexpected(logger, operation?.Name, requestId, bug);
            response = AwsErrors.Response(new Error(
                ErrorCode.Internal, $"An unexpected failure was logged under the request id {requestId}."));
        }

        await WriteAsync(http, requestId, response);
    }

    private async ValueTask<Result<AwsResponse>> AnswerAsync(HttpContext http, AwsOperation operation)
    {
        // :: Step 1: Read the body, which the signature covers, unless the head tells already that it is in vain.
        RequestBody.LiftServerLimit(http);
        if (authenticator.CheckHead(http) is { } stranger)
        {
            return stranger;
        }

        var read = await RequestBody.ReadAsync(http, operation.Name, operation.RequestBytesMax, bodies);
        if (read.Failed(out var held, out var tooLarge))
        {
            return tooLarge;
        }

        using var release = held;
        var body = held.Bytes;

        // The body may have been completed by the thread that serves sockets. What follows may take long.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);

        // :: Step 2: Who is it?
        var authenticated = await authenticator.AuthenticateAsync(http, body);
        if (authenticated.Failed(out var principal, out var unknown))
        {
            return unknown;
        }

        // :: Step 3: Which function is it for, and may the caller do that?
        var request = new AwsRequest(http, principal, body);
        if (operation.Target is { } target)
        {
            if (target(request).Failed(out var function, out var unreadable))
            {
                return unreadable;
            }

            request = new AwsRequest(http, principal, body) { Function = function };
            if (Denied(request, operation, function) is { } denied)
            {
                return denied;
            }
        }
        else if (authorizer.Authorize(principal, operation.Action, null, null).Failed(out _, out var denied))
        {
            return denied;
        }

        // :: Step 4: Do it.
        return await operation.Handle(request);
    }

    private Error? Denied(AwsRequest request, AwsOperation operation, Functions.FunctionReference function) =>
        authorizer.Authorize(request.Principal, operation.Action, function.Id, function.Qualifier).Error;

    private static bool Selects(AwsOperation operation, HttpContext http) =>
        operation.AppliesTo?.Invoke(http) != false
        && (operation.Selector is not { } selector
            || string.Equals(http.Request.Query[selector.Name], selector.Value, StringComparison.Ordinal));

    private static Error Unknown(HttpContext http) => new(
        ErrorCode.UnknownOperation,
        $"{http.Request.Method} {http.Request.Path} is not an operation of this server.");

    public static async Task WriteAsync(HttpContext http, string requestId, AwsResponse answer)
    {
        var response = http.Response;
        response.StatusCode = answer.Status;
        response.Headers[RequestIdHeader] = requestId;
        foreach (var (name, value) in answer.Headers ?? [])
        {
            response.Headers[name] = value;
        }

        if (answer.Body is not { } body)
        {
            return;
        }

        response.ContentType = answer.ContentType;
        response.ContentLength = body.Length;
        await response.Body.WriteAsync(body, http.RequestAborted);
    }
}
