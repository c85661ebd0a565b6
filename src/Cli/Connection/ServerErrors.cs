using System.Text.Json;
using Lambent.Cli.Commands;

namespace Lambent.Cli.Connection;

/// <summary>Reads the server's refusals: the AWS shape and the native one.</summary>
internal static class ServerErrors
{
    /// <summary>What to type next, by error type. Only where there is a good answer.</summary>
    private static readonly Dictionary<string, string> Hints = new(StringComparer.Ordinal)
    {
        ["ResourceNotFoundException"] = "lambent ls",
        ["QueueDoesNotExist"] = "lambent ls queues",
        ["UnrecognizedClientException"] = "the keys belong to another server; name its data folder with --data DIR",
        ["InvalidSignatureException"] = "the keys belong to another server; name its data folder with --data DIR",
        ["MissingAuthenticationTokenException"] = "lambent env",
        ["ExpiredTokenException"] = "sign in again, or unset AWS_SESSION_TOKEN",
        ["PreconditionFailedException"] = "somebody else changed it meanwhile; look with `lambent ls`, then run again",
        ["TooManyRequestsException"] = "wait for calls to end, or raise the limit: lambent deploy … --reserved N",
        ["CodeStorageExceededException"] = "lambent rm NAME",
    };

    public static async Task<Failure> ReadAsync(
        HttpResponseMessage response, Uri endpoint, CancellationToken cancellation)
    {
        byte[] body;
        try
        {
            body = await response.Content.ReadAsByteArrayAsync(cancellation);
        }
        catch (Exception broken) when (broken is HttpRequestException or IOException)
        {
            body = [];
        }

        var status = (int)response.StatusCode;
        var (code, message) = Parse(body);
        // SQS puts the namespace of its shapes before the type: "com.amazonaws.sqs#QueueDoesNotExist".
        var shape = code?.Split('#', 2) is [_, var bare] ? bare : null;
        code = shape ?? code;

        // Some services append an address to the type: "ValidationException:http://…".
        var type = Header(response, "x-amzn-ErrorType")?.Split(':')[0] ?? code;
        return new Failure(
            ExitCodes.From(status, type),
            type ?? $"Http{status}",
            message ?? $"The server answered with status {status}.")
        {
            Where = $"server {endpoint.GetLeftPart(UriPartial.Authority)}",
            Hint = type is not null ? Hints.GetValueOrDefault(type) : null,
            // The names of the Lambda API are AWS's; the native API answers with codes that have pages.
            Page = code is not null && shape is null && type == code
                && !code.EndsWith("Exception", StringComparison.Ordinal)
                ? $"docs/errors/{code}.md"
                : null,
            RequestId = Header(response, "x-amzn-RequestId") ?? Header(response, "x-request-id"),
        };
    }

    private static (string? Code, string? Message) Parse(byte[] body)
    {
        try
        {
            using var document = JsonDocument.Parse(body);
            var root = document.RootElement;
            if (root.ValueKind != JsonValueKind.Object)
            {
                return (null, null);
            }

            var error = root.TryGetProperty("error", out var inner) && inner.ValueKind == JsonValueKind.Object
                ? inner
                : root;
            return (Text(error, "code") ?? Text(error, "__type"), Text(error, "message") ?? Text(error, "Message"));
        }
        catch (JsonException)
        {
            return (null, null);
        }
    }

    private static string? Text(JsonElement element, string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    private static string? Header(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) ? values.FirstOrDefault() : null;
}
