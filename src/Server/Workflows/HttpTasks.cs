using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Lambent.Kernel;
using Lambent.Kernel.Traces;
using Lambent.Kernel.Values;
using Lambent.Kernel.Workflows.Definitions;
using Lambent.Kernel.Workflows.Executions;
using Lambent.Server.Webhooks;

namespace Lambent.Server.Workflows;

/// <summary>
/// <c>arn:aws:states:::http:invoke</c>: a call of somebody else's API. It goes only where callbacks may go
/// (<see cref="OutboundGuard"/>). Connections of EventBridge do not exist here, so the definition gives its headers.
/// </summary>
internal sealed class HttpTasks : ITaskCaller, IDisposable
{
    private const string SocketError = "States.Http.Socket";

    /// <summary>As many as a Map runs at a time, and some: a task that waits for one may time out.</summary>
    private const int ConnectionsPerServerMax = 1_024;

    private static readonly TimeSpan TimeoutMax = TimeSpan.FromSeconds(60);

    /// <summary>The client's own, or of one connection: a definition does not set them.</summary>
    private static readonly HashSet<string> ReservedHeaders = new(StringComparer.OrdinalIgnoreCase)
    {
        "Host", "Content-Length", "Transfer-Encoding", "Connection", "Upgrade", "TE", "Trailer", "Expect",
    };

    private readonly HttpMessageInvoker client;
    private readonly TimeProvider time;

    public HttpTasks(OutboundGuard guard, TimeProvider time)
    {
        this.time = time;
        client = new HttpMessageInvoker(guard.CreateHandler(ConnectionsPerServerMax));
    }

    public string Service => "http";

    public void Dispose() => client.Dispose();

    public async Task<TaskEnding?> CallAsync(ExecutionRunner runner, LoadedExecution execution, OpenTask task)
    {
        if (RequestOf(task.Parameters).Failed(out var request, out var wrong))
        {
            return TaskEnding.Failed("States.Runtime", wrong.Message);
        }

        // A definition that sets the header knows better.
        if (ExecutionTrace.OfTask(execution.Record, task.Number) is { IsNone: false } trace
            && !request.Headers.Contains(TraceParent.Header))
        {
            request.Headers.TryAddWithoutValidation(TraceParent.Header, TraceParent.Format(trace));
        }

        using (request)
        using (var limit = new CancellationTokenSource(TimeoutMax, time))
        {
            try
            {
                if (execution.Exchange is { } exchange)
                {
                    await exchange.KeepAsync(request);
                }

                using var response = await client.SendAsync(request, limit.Token);
                return await ReadAsync(response, execution.Exchange, limit.Token);
            }
            catch (OperationCanceledException)
            {
                return TaskEnding.Failed("States.Timeout", $"There was no answer within {TimeoutMax.TotalSeconds} s.");
            }
            catch (Exception exception) when (exception is HttpRequestException or IOException or SocketException
                or CallbackRefusedException)
            {
                return TaskEnding.Failed(SocketError, (exception.InnerException ?? exception).Message);
            }
        }
    }

    private static Result<HttpRequestMessage> RequestOf(DataValue parameters)
    {
        if (parameters["Authentication"] is not null)
        {
            return Wrong(
                "Authentication", "names a connection, and connections do not exist here: give the header in Headers");
        }

        if ((parameters["ApiEndpoint"] as DataText)?.Value is not { } endpoint
            || !Uri.TryCreate(endpoint + QueryOf(parameters["QueryParameters"]), UriKind.Absolute, out var url)
            || url.Scheme is not ("https" or "http"))
        {
            return Wrong("ApiEndpoint", "must be a URL with http or https");
        }

        if ((parameters["Method"] as DataText)?.Value is not { } method
            || method is not ("GET" or "POST" or "PUT" or "DELETE" or "PATCH" or "OPTIONS" or "HEAD"))
        {
            return Wrong("Method", "must be one of GET, POST, PUT, DELETE, PATCH, OPTIONS and HEAD");
        }

        var request = new HttpRequestMessage(new HttpMethod(method), url);
        if (parameters["RequestBody"] is { } body)
        {
            request.Content = ContentOf(body, parameters["Transform"]);
        }

        if (parameters["Headers"] is DataObject headers)
        {
            foreach (var (name, value) in headers.Members)
            {
                var text = value is DataText given ? given.Value : value.ToString();
                if (ReservedHeaders.Contains(name) || !Add(request, name, text))
                {
                    request.Dispose();
                    return Wrong($"Headers.{name}", "is no header that a request may set");
                }
            }
        }

        return request;
    }

    private static bool Add(HttpRequestMessage request, string name, string value)
    {
        if (name.Equals("Content-Type", StringComparison.OrdinalIgnoreCase))
        {
            if (request.Content is null || !MediaTypeHeaderValue.TryParse(value, out var type))
            {
                return request.Content is null;
            }

            request.Content.Headers.ContentType = type;
            return true;
        }

        return !value.AsSpan().ContainsAny('\r', '\n') && request.Headers.TryAddWithoutValidation(name, value);
    }

    private static HttpContent ContentOf(DataValue body, DataValue? transform)
    {
        if ((transform?["RequestBodyEncoding"] as DataText)?.Value == "URL_ENCODED" && body is DataObject members)
        {
            return new FormUrlEncodedContent(members.Members.SelectMany(member => Pairs(member.Key, member.Value)));
        }

        return body is DataText text
            ? new StringContent(text.Value, Encoding.UTF8, "text/plain")
            : new ByteArrayContent(DataWriter.ToUtf8(body))
            {
                Headers = { ContentType = new MediaTypeHeaderValue("application/json") },
            };
    }

    private static string QueryOf(DataValue? parameters) => parameters is not DataObject { Count: > 0 } members
        ? ""
        : "?" + string.Join('&', members.Members
            .SelectMany(member => Pairs(member.Key, member.Value))
            .Select(pair => $"{Uri.EscapeDataString(pair.Key)}={Uri.EscapeDataString(pair.Value)}"));

    private static IEnumerable<KeyValuePair<string, string>> Pairs(string name, DataValue value) =>
        value is DataArray array ? array.Items.SelectMany(item => Pairs(name, item))
        : [KeyValuePair.Create(name, value is DataText text ? text.Value : value.ToString())];

    private static async Task<TaskEnding> ReadAsync(
        HttpResponseMessage response, HttpExchange? exchange, CancellationToken cancellation)
    {
        await using var stream = await response.Content.ReadAsStreamAsync(cancellation);
        var buffer = new byte[Limits.WorkflowPayloadBytesMax + 1];
        var length = await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation);
        exchange?.Keep(response, buffer.AsSpan(0, length));
        if (length == buffer.Length)
        {
            return TaskEnding.Failed("States.DataLimitExceeded", "The answer is larger than a state's result may be.");
        }

        var status = (int)response.StatusCode;
        var type = response.Content.Headers.ContentType?.MediaType ?? "";
        var body = type.Contains("json", StringComparison.OrdinalIgnoreCase)
            && DataReader.Read(buffer.AsSpan(0, length)).Value is { } json
                ? json
                : Encoding.UTF8.GetString(buffer, 0, length);
        if (!response.IsSuccessStatusCode)
        {
            return TaskEnding.Failed(
                string.Create(CultureInfo.InvariantCulture, $"States.Http.StatusCode.{status}"), body.ToString());
        }

        var headers = new OrderedDictionary<string, DataValue>();
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers))
        {
            headers[name.ToLowerInvariant()] = new DataArray([.. values.Select(value => new DataText(value))]);
        }

        return TaskEnding.Of(new DataObject(
            ("Headers", new DataObject(headers)),
            ("ResponseBody", body),
            ("StatusCode", status),
            ("StatusText", response.ReasonPhrase ?? "")));
    }

    private static Error Wrong(string field, string what) =>
        new(ErrorCode.InvalidParameter, $"The field '{field}' {what}.", field);
}
