using System.Globalization;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Events;
using Lambent.Kernel.Functions;
using Lambent.Kernel.Queues;
using Lambent.Kernel.Webhooks;
using Lambent.Server.Webhooks;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Lambent.Server.Native;

/// <summary>/v1/webhooks: addresses here that take requests, and addresses outside that are called.</summary>
internal sealed class WebhookOperations(
    WebhookService webhooks,
    WebhookReceiver receiver,
    CallbackSender sender,
    Func<Uri> address,
    string region,
    Func<string> newId,
    TimeProvider time)
{
    private const string Path = "/v1/webhooks";
    private const int PageMax = 100;
    private static readonly TimeSpan OverlapDefault = TimeSpan.FromDays(1);

    public void Map(NativeEndpoints endpoints, IEndpointRouteBuilder routes)
    {
        endpoints.Map(routes, "GET", Path, ListAsync);
        endpoints.Map(routes, "POST", Path, CreateAsync);
        endpoints.Map(routes, "GET", Path + "/{name}", GetAsync);
        endpoints.Map(routes, "DELETE", Path + "/{name}", DeleteAsync);
        endpoints.Map(routes, "POST", Path + "/{name}/rotate", RotateAsync);
        endpoints.Map(routes, "POST", Path + "/{name}/enable", EnableAsync);
        endpoints.Map(routes, "POST", Path + "/{name}/test", TestAsync);
    }

    private async Task<Error?> ListAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var after = http.Request.Query["after"].FirstOrDefault();
        var page = webhooks.List(principal.Account, after, PageMax + 1);
        var answer = new WebhooksAnswer(
            [.. page.Take(PageMax).Select(webhook => Shape(webhook))],
            page.Count > PageMax ? page[PageMax - 1].Id.Name : null);
        await NativeEndpoints.WriteAsync(http, 200, answer, NativeJson.Default.WebhooksAnswer);
        return null;
    }

    private async Task<Error?> CreateAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        if (NativeEndpoints.Read(body, NativeJson.Default.CreateWebhookRequest)
            .Then(request => Draft(request, principal.Account))
            .Failed(out var draft, out var invalid))
        {
            return invalid;
        }

        return await AnswerAsync(http, 201, await webhooks.CreateAsync(draft, http.RequestAborted));
    }

    private async Task<Error?> GetAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        if (webhooks.Find(Id(http, principal)).Failed(out var webhook, out var unknown))
        {
            return unknown;
        }

        await NativeEndpoints.WriteAsync(http, 200, Shape(webhook), NativeJson.Default.WebhookAnswer);
        return null;
    }

    private async Task<Error?> DeleteAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        if ((await webhooks.DeleteAsync(Id(http, principal), http.RequestAborted)).Error is { } failure)
        {
            return failure;
        }

        http.Response.StatusCode = StatusCodes.Status204NoContent;
        return null;
    }

    private async Task<Error?> RotateAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var request = new RotateWebhookRequest(null, null);
        if (!body.IsEmpty
            && NativeEndpoints.Read(body, NativeJson.Default.RotateWebhookRequest).Failed(out request, out var invalid))
        {
            return invalid;
        }

        var overlap = request.OverlapSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : OverlapDefault;
        return await AnswerAsync(
            http,
            200,
            await webhooks.RotateAsync(Id(http, principal), request.Secret, overlap, http.RequestAborted));
    }

    private async Task<Error?> EnableAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        var enabled = await webhooks.DisableAsync(Id(http, principal), reason: null, http.RequestAborted);
        return await AnswerAsync(http, 200, enabled.Select(webhook => new IssuedWebhook(webhook, null)));
    }

    private async Task<Error?> TestAsync(HttpContext http, Principal principal, ReadOnlyMemory<byte> body)
    {
        if (webhooks.Find(Id(http, principal)).Failed(out var webhook, out var unknown))
        {
            return unknown;
        }

        var tested = webhook.Inbound is null
            ? await TestCallbackAsync(webhook, http.RequestAborted)
            : await TestSourceAsync(webhook);
        if (tested.Failed(out var answer, out var failure))
        {
            return failure;
        }

        await NativeEndpoints.WriteAsync(http, 200, answer, NativeJson.Default.WebhookTestAnswer);
        return null;
    }

    /// <summary>Calls once, now, and tells what came of it.</summary>
    private async Task<Result<WebhookTestAnswer>> TestCallbackAsync(Webhook webhook, CancellationToken cancellation)
    {
        var id = newId();
        var change = new StateChange
        {
            Type = StateChange.Test,
            Subject = webhook.Id.Name,
            At = time.GetUtcNow(),
            Data = [new("webhook", webhook.Id.Name)],
        };
        var answer = await sender.SendAsync(webhook, id, change.ToJson(), cancellation);
        return new WebhookTestAnswer(answer.IsDelivered, id, answer.Status, answer.Problem);
    }

    /// <summary>Makes an event as a request would that holds {"test":true}.</summary>
    private async Task<Result<WebhookTestAnswer>> TestSourceAsync(Webhook webhook)
    {
        var body = "{\"test\":true}"u8.ToArray();
        var request = new DefaultHttpContext().Request;
        request.Method = "POST";
        request.Protocol = "HTTP/1.1";
        request.Host = new HostString(address().Authority);
        request.Headers.ContentType = "application/json";
        request.Headers["x-lambent-test"] = "true";
        var eventId = newId();
        var payload = webhook.Inbound!.Payload == WebhookPayload.Event
            ? WebhookEvent.Write(request, "/", body, webhook.Id, eventId, time.GetUtcNow())
            : body;
        var accepted = await receiver.AcceptAsync(webhook, eventId, payload, CancellationToken.None);
        return accepted.Select(receipt => new WebhookTestAnswer(true, receipt.EventId, null, null));
    }

    private async Task<Error?> AnswerAsync(HttpContext http, int status, Result<IssuedWebhook> issued)
    {
        if (issued.Failed(out var made, out var failure))
        {
            return failure;
        }

        await NativeEndpoints.WriteAsync(
            http, status, Shape(made.Webhook, made.Secret), NativeJson.Default.WebhookAnswer);
        return null;
    }

    private WebhookAnswer Shape(Webhook webhook, string? secret = null) =>
        WebhookAnswer.From(webhook, address(), region, time.GetUtcNow(), secret);

    private static WebhookId Id(HttpContext http, Principal principal) =>
        new(principal.Account, (string)http.Request.RouteValues["name"]!);

    private Result<WebhookDraft> Draft(CreateWebhookRequest request, AccountId account)
    {
        if (request.Target is null == request.Url is null)
        {
            return Invalid("A webhook has either a target, which gets requests, or a url, which is called.", "target");
        }

        var draft = new WebhookDraft { Id = new WebhookId(account, request.Name ?? ""), Secret = request.Secret };
        return request.Url is null ? Inbound(draft, request) : Outbound(draft, request);
    }

    private Result<WebhookDraft> Inbound(WebhookDraft draft, CreateWebhookRequest request)
    {
        if (request.Types is not null || request.Subject is not null)
        {
            return Invalid("types and subject are for webhooks that call a url.", "types");
        }

        // As text, not by the numbers that the names stand for.
        if (request.Scheme is not { } scheme || !scheme.All(char.IsAsciiLetter)
            || !Enum.TryParse<SignatureScheme>(scheme, ignoreCase: true, out var parsedScheme))
        {
            return Invalid("scheme must be none, github, stripe, slack, standard or hmac.", "scheme");
        }

        if (request.Payload is not (null or "event" or "body"))
        {
            return Invalid("payload must be event or body.", "payload");
        }

        var hasFormat = (request.Header ?? request.Algorithm ?? request.Encoding ?? request.Prefix
            ?? request.TimestampHeader) is not null;
        return Target(request.Target!, draft.Id.Account).Select(target => draft with
        {
            Target = target,
            Scheme = parsedScheme,
            Payload = request.Payload == "body" ? WebhookPayload.Body : WebhookPayload.Event,
            DeliveryHeader = request.DeliveryHeader,
            ToleranceSeconds = request.ToleranceSeconds,
            RateMax = request.Rate,
            Format = !hasFormat ? null : new SignatureFormat
            {
                Header = request.Header ?? "",
                Algorithm = request.Algorithm ?? "sha256",
                Encoding = request.Encoding ?? "hex",
                Prefix = request.Prefix ?? "",
                TimestampHeader = request.TimestampHeader,
            },
        });
    }

    private static Result<WebhookDraft> Outbound(WebhookDraft draft, CreateWebhookRequest request)
    {
        var inboundOnly = request.Scheme ?? request.Payload ?? request.Header ?? request.Algorithm ?? request.Encoding
            ?? request.Prefix ?? request.TimestampHeader ?? request.DeliveryHeader
            ?? request.ToleranceSeconds?.ToString(CultureInfo.InvariantCulture)
            ?? request.Rate?.ToString(CultureInfo.InvariantCulture);
        return inboundOnly is not null
            ? Invalid(
                "A webhook that calls a url has only name, url, types, subject and secret: callbacks are always "
                + "signed in the same way.",
                "url")
            : draft with
            {
                Url = request.Url,
                Types = [.. (request.Types ?? []).Select(type => type ?? "")],
                Subject = request.Subject,
            };
    }

    private Result<DeliveryTarget> Target(string text, AccountId account)
    {
        const string QueuePrefix = "queue:";
        if (text.StartsWith("arn:", StringComparison.Ordinal))
        {
            return DeliveryTarget.Parse(text, region, "target");
        }

        if (text.StartsWith(QueuePrefix, StringComparison.Ordinal))
        {
            return DeliveryTarget.OfQueue(new QueueId(account, text[QueuePrefix.Length..]));
        }

        return text.Split(':') switch
        {
            [{ Length: > 0 } name] => DeliveryTarget.OfFunction(new FunctionId(account, name)),
            [{ Length: > 0 } name, { Length: > 0 } qualifier] =>
                DeliveryTarget.OfFunction(new FunctionId(account, name), qualifier),
            _ => Invalid(
                "target must be a function's name, with :QUALIFIER for a version or alias, queue:NAME, or an ARN.",
                "target"),
        };
    }

    private static Error Invalid(string message, string field) => new(ErrorCode.InvalidParameter, message, field);
}
