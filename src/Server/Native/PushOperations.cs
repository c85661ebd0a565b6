using System.Collections.Immutable;
using System.Globalization;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Queues.Push;
using Lambent.Server.Push;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lambent.Server.Native;

/// <summary>/v1/queues/NAME/push: queues whose messages are posted to addresses.</summary>
internal sealed class PushOperations(PushService queues, PushRunner runner)
{
    private const string Path = "/v1/queues/{name}/push";
    private const int PageDefault = 100;
    private const int PageMax = 1_000;

    public void Map(NativeEndpoints endpoints, IEndpointRouteBuilder routes)
    {
        endpoints.Map(routes, "GET", "/v1/push", ListAsync);
        endpoints.Map(routes, "GET", Path, (http, who, _) => GetAsync(http, who));
        endpoints.Map(routes, "PUT", Path, PutAsync);
        endpoints.Map(routes, "DELETE", Path, (http, who, _) => DeleteAsync(http, who));
        endpoints.Map(routes, "POST", Path + "/pause", (http, who, _) => EnableAsync(http, who, isEnabled: false));
        endpoints.Map(routes, "POST", Path + "/resume", (http, who, _) => EnableAsync(http, who, isEnabled: true));
        endpoints.Map(routes, "GET", Path + "/messages", (http, who, _) => MessagesAsync(http, who));
        endpoints.Map(routes, "GET", Path + "/messages/{id}", (http, who, _) => MessageAsync(http, who));
        endpoints.Map(
            routes, "DELETE", Path + "/messages/{id}/{subscriber}", (http, who, _) => AcknowledgeAsync(http, who));
    }

    private async Task<Error?> ListAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var answer = new PushesAnswer([.. queues.List(principal.Account).Select(push => Shape(push))]);
        await NativeEndpoints.WriteAsync(http, 200, answer, PushJson.Default.PushesAnswer);
        return null;
    }

    private async Task<Error?> GetAsync(HttpContext http, Principal principal)
    {
        var id = Id(http, principal);
        if (queues.Find(id) is not { } push)
        {
            return PushRules.NotFound(id.Name);
        }

        await NativeEndpoints.WriteAsync(http, 200, Shape(push), PushJson.Default.PushAnswer);
        return null;
    }

    private async Task<Error?> PutAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        if (NativeEndpoints.Read(body, PushJson.Default.PutPushRequest)
            .Then(request => Draft(Id(http, principal), request))
            .Failed(out var draft, out var wrong))
        {
            return wrong;
        }

        var written = await queues.PutAsync(draft, http.RequestAborted);
        if (written.Failed(out var issued, out var refused))
        {
            return refused;
        }

        await NativeEndpoints.WriteAsync(
            http, 200, Shape(issued.Push, issued.Secret), PushJson.Default.PushAnswer);
        return null;
    }

    private async Task<Error?> DeleteAsync(HttpContext http, Principal principal)
    {
        if ((await queues.DeleteAsync(Id(http, principal), http.RequestAborted)).Error is { } failure)
        {
            return failure;
        }

        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }

    private async Task<Error?> EnableAsync(HttpContext http, Principal principal, bool isEnabled)
    {
        var written = await queues.EnableAsync(Id(http, principal), isEnabled, http.RequestAborted);
        if (written.Failed(out var push, out var refused))
        {
            return refused;
        }

        await NativeEndpoints.WriteAsync(http, 200, Shape(push), PushJson.Default.PushAnswer);
        return null;
    }

    private async Task<Error?> MessagesAsync(HttpContext http, Principal principal)
    {
        var query = http.Request.Query;
        if (Number(query, "after", 0, long.MaxValue, 0).Failed(out var after, out var wrong)
            || Number(query, "limit", 1, PageMax, PageDefault).Failed(out var limit, out wrong))
        {
            return wrong;
        }

        if (queues.Messages(Id(http, principal), after, (int)limit + 1).Failed(out var found, out var unknown))
        {
            return unknown;
        }

        var page = found.Take((int)limit).ToList();
        var next = found.Count > page.Count
            ? page[^1].Sequence.ToString(CultureInfo.InvariantCulture)
            : null;
        await NativeEndpoints.WriteAsync(
            http,
            200,
            new PushedMessagesAnswer([.. page.Select(one => PushedMessageAnswer.From(one.Message))], next),
            PushJson.Default.PushedMessagesAnswer);
        return null;
    }

    private async Task<Error?> MessageAsync(HttpContext http, Principal principal)
    {
        var found = queues.Message(Id(http, principal), (string)http.Request.RouteValues["id"]!);
        if (found.Failed(out var message, out var unknown))
        {
            return unknown;
        }

        await NativeEndpoints.WriteAsync(
            http, 200, PushedMessageAnswer.From(message), PushJson.Default.PushedMessageAnswer);
        return null;
    }

    private async Task<Error?> AcknowledgeAsync(HttpContext http, Principal principal)
    {
        var acknowledged = await queues.AcknowledgeAsync(
            Id(http, principal),
            (string)http.Request.RouteValues["id"]!,
            (string)http.Request.RouteValues["subscriber"]!,
            http.RequestAborted);
        if (acknowledged.Error is { } failure)
        {
            return failure;
        }

        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }

    private PushAnswer Shape(PushQueue push, string? secret = null) =>
        PushAnswer.From(push, runner.View(push.Id), secret);

    private static QueueId Id(HttpContext http, Principal principal) =>
        new(principal.Account, (string)http.Request.RouteValues["name"]!);

    private static Result<long> Number(
        IQueryCollection query, string field, long least, long most, long otherwise) =>
        query[field].FirstOrDefault() is not { Length: > 0 } text ? otherwise
        : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            && number >= least && number <= most ? number
        : Invalid($"{field} must be a whole number from {least} to {most}.", field);

    private static Result<PushDraft> Draft(QueueId id, PutPushRequest request)
    {
        if (request.Mode is not (null or "multicast" or "unicast"))
        {
            return Invalid("mode must be multicast or unicast.", "mode");
        }

        var violations = new ConstraintViolations();
        for (var index = 0; index < (request.Subscribers?.Count ?? 0); index++)
        {
            var field = $"subscribers[{index}]";
            var subscriber = request.Subscribers![index];
            violations.Required(subscriber, field);
            violations.Required(subscriber?.Name, $"{field}.name");
            violations.Required(subscriber?.Url, $"{field}.url");
            foreach (var (name, value) in subscriber?.Headers ?? ImmutableDictionary<string, string?>.Empty)
            {
                violations.Required(value, $"{field}.headers.{name}");
            }
        }

        if (violations.ToError() is { } wrong)
        {
            return wrong;
        }

        return new PushDraft
        {
            Id = id,
            Mode = request.Mode switch
            {
                "unicast" => PushMode.Unicast,
                "multicast" => PushMode.Multicast,
                _ => null,
            },
            Subscribers = request.Subscribers is null
                ? null
                : [.. request.Subscribers.Select(one => new PushSubscriber(one!.Name!, one.Url!, Headers(one)))],
            RetriesMax = request.Retries,
            RetryDelaySeconds = request.RetryDelaySeconds,
            ConcurrencyMax = request.Concurrency,
            ErrorQueueName = request.ErrorQueue,
            Secret = request.Secret,
        };
    }

    private static ImmutableSortedDictionary<string, string> Headers(SubscriberRequest subscriber) =>
        PushSubscriber.NoHeaders.SetItems(
            (subscriber.Headers ?? ImmutableDictionary<string, string?>.Empty)
                .Select(header => KeyValuePair.Create(header.Key, header.Value!)));

    private static Error Invalid(string message, string field) => new(ErrorCode.InvalidParameter, message, field);
}
