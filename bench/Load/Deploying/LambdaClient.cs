using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Lambent.Load.Generators;
using Lambent.Protocol.Signing;

namespace Lambent.Load.Deploying;

/// <summary>The few calls of the Lambda API that a measurement needs, signed as any client signs them.</summary>
internal sealed class LambdaClient : IDisposable
{
    private const string Functions = "/2015-03-31/functions";
    private const string Mappings = "/2015-03-31/event-source-mappings";
    private const string Region = "us-east-1";

    private static readonly TimeSpan PollPeriod = TimeSpan.FromMilliseconds(5);
    private static readonly TimeSpan ActivationLimit = TimeSpan.FromSeconds(60);

    private readonly HttpClient http;
    private readonly RequestSigner signer;
    private readonly TimeProvider time;

    public LambdaClient(Uri address, SigningCredentials credentials, TimeProvider time)
    {
        http = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = address,
            Timeout = TimeSpan.FromSeconds(120),
        };
        signer = new RequestSigner(credentials, Region, "lambda");
        this.time = time;
    }

    /// <summary>Creates a function and waits until it may be called.</summary>
    public async Task CreateAsync(FunctionDefinition function, CancellationToken cancellation) =>
        await AwaitActiveAsync(function.Name, await BeginCreateAsync(function, cancellation), cancellation);

    /// <summary>Creates a function, which becomes active in its time.</summary>
    public Task<JsonObject> BeginCreateAsync(FunctionDefinition function, CancellationToken cancellation)
    {
        var request = new JsonObject
        {
            ["FunctionName"] = function.Name,
            ["Runtime"] = function.Runtime,
            ["Handler"] = function.Handler,
            ["Role"] = "arn:aws:iam::000000000000:role/bench",
            ["Code"] = new JsonObject { ["ZipFile"] = Convert.ToBase64String(function.Package) },
            ["MemorySize"] = function.MemoryMegabytes,
            ["Timeout"] = function.TimeoutSeconds,
        };
        var tags = new JsonObject();
        if (function.EnvironmentConcurrency > 1)
        {
            tags["lambent:environment-concurrency"] =
                function.EnvironmentConcurrency.ToString(CultureInfo.InvariantCulture);
        }

        if (function.Processor is { } processor)
        {
            tags["lambent:cpu"] = processor;
        }

        if (function.SyncDestination is { } destination)
        {
            tags["lambent:sync-destination"] = destination;
        }

        request["Tags"] = tags;

        return SendJsonAsync(HttpMethod.Post, Functions, request, cancellation);
    }

    /// <param name="name">The function.</param>
    /// <param name="answer">What is known of it, or null.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public async Task AwaitActiveAsync(string name, JsonObject? answer, CancellationToken cancellation)
    {
        answer ??= await SendJsonAsync(HttpMethod.Get, $"{Functions}/{name}/configuration", null, cancellation);
        var deadline = time.GetTimestamp() + (long)(ActivationLimit.TotalSeconds * time.TimestampFrequency);
        while (answer["State"]?.GetValue<string>() is not ("Active" or null))
        {
            if (answer["State"]!.GetValue<string>() == "Failed" || time.GetTimestamp() > deadline)
            {
                throw new BenchFailureException($"{name} did not become active: {answer.ToJsonString()}");
            }

            await Task.Delay(PollPeriod, time, cancellation);
            answer = await SendJsonAsync(
                HttpMethod.Get, $"{Functions}/{name}/configuration", null, cancellation);
        }
    }

    /// <summary>Gives a function a URL that anybody may call; returns the address on the server's own port.</summary>
    public async Task<Uri> CreateUrlAsync(string name, CancellationToken cancellation)
    {
        await SendJsonAsync(
            HttpMethod.Post,
            $"/2021-10-31/functions/{name}/url",
            new JsonObject { ["AuthType"] = "NONE" },
            cancellation);
        await SendJsonAsync(
            HttpMethod.Post,
            $"{Functions}/{name}/policy",
            new JsonObject
            {
                ["StatementId"] = "public",
                ["Action"] = "lambda:InvokeFunctionUrl",
                ["Principal"] = "*",
                ["FunctionUrlAuthType"] = "NONE",
            },
            cancellation);
        return new Uri(http.BaseAddress!, $"/fn/{name}/");
    }

    /// <summary>How many calls of a function may run at once, or null for as many as there is room for.</summary>
    public async Task ReserveConcurrencyAsync(string name, int? calls, CancellationToken cancellation)
    {
        var path = $"/2017-10-31/functions/{name}/concurrency";
        if (calls is { } reserved)
        {
            await SendJsonAsync(
                HttpMethod.Put, path, new JsonObject { ["ReservedConcurrentExecutions"] = reserved }, cancellation);
            return;
        }

        using var answer = await SendAsync(HttpMethod.Delete, path, [], cancellation);
        if (!answer.IsSuccessStatusCode)
        {
            throw await RefusedAsync(answer, cancellation);
        }
    }

    /// <summary>Sends the records of a function's events, however they end, to one destination.</summary>
    public Task ConfigureDestinationAsync(string name, string arn, CancellationToken cancellation)
    {
        JsonObject To() => new() { ["Destination"] = arn };
        return SendJsonAsync(
            HttpMethod.Put,
            $"/2019-09-25/functions/{name}/event-invoke-config",
            new JsonObject { ["DestinationConfig"] = new JsonObject { ["OnSuccess"] = To(), ["OnFailure"] = To() } },
            cancellation);
    }

    /// <summary>Leaves an event for a function and returns the event's id.</summary>
    /// <exception cref="BenchFailureException">It was not accepted, or there was no answer.</exception>
    public async Task<string> SendEventAsync(
        string name, string payload, string? idempotencyKey, CancellationToken cancellation)
    {
        var headers = new List<(string, string)> { ("X-Amz-Invocation-Type", "Event") };
        if (idempotencyKey is not null)
        {
            headers.Add(("X-Lambent-Idempotency-Key", idempotencyKey));
        }

        using var answer = await SendAsync(
            HttpMethod.Post, InvokePath(name), Bytes(payload), cancellation, headers);
        return answer.StatusCode == HttpStatusCode.Accepted
            && answer.Headers.TryGetValues("X-Lambent-Event-Id", out var ids)
                ? ids.First()
                : throw await RefusedAsync(answer, cancellation);
    }

    /// <summary>Makes a mapping that is not enabled yet; returns its id.</summary>
    public async Task<string> MapAsync(
        string queue, string function, int batchSize, int concurrency, CancellationToken cancellation)
    {
        var request = new JsonObject
        {
            ["EventSourceArn"] = $"arn:aws:sqs:{Region}:000000000000:{queue}",
            ["FunctionName"] = function,
            ["BatchSize"] = batchSize,
            ["ScalingConfig"] = new JsonObject { ["MaximumConcurrency"] = concurrency },
            ["Enabled"] = false,
        };
        return (string)(await SendJsonAsync(HttpMethod.Post, Mappings, request, cancellation))["UUID"]!;
    }

    public Task EnableMappingAsync(string id, bool enabled, CancellationToken cancellation) => SendJsonAsync(
        HttpMethod.Put, $"{Mappings}/{id}", new JsonObject { ["Enabled"] = enabled }, cancellation);

    public async Task DeleteAsync(string name, CancellationToken cancellation)
    {
        using var answer = await SendAsync(HttpMethod.Delete, $"{Functions}/{name}", [], cancellation);
        if (!answer.IsSuccessStatusCode)
        {
            throw await RefusedAsync(answer, cancellation);
        }
    }

    /// <summary>Calls a function and returns what it answered.</summary>
    /// <exception cref="BenchFailureException">The server refused, or the function failed.</exception>
    public async Task<string> InvokeAsync(string name, CancellationToken cancellation, string payload = "{}")
    {
        using var answer = await SendAsync(HttpMethod.Post, InvokePath(name), Bytes(payload), cancellation);
        if (answer.StatusCode != HttpStatusCode.OK || answer.Headers.Contains("X-Amz-Function-Error"))
        {
            throw await RefusedAsync(answer, cancellation);
        }

        return await answer.Content.ReadAsStringAsync(cancellation);
    }

    /// <summary>Calls a function that is to fail, and returns the type of its error; null when it did not.</summary>
    /// <exception cref="BenchFailureException">The server refused the call.</exception>
    public async Task<string?> InvokeFailingAsync(string name, string payload, CancellationToken cancellation)
    {
        using var answer = await SendAsync(HttpMethod.Post, InvokePath(name), Bytes(payload), cancellation);
        if (answer.StatusCode != HttpStatusCode.OK)
        {
            throw await RefusedAsync(answer, cancellation);
        }

        var body = JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellation));
        return answer.Headers.Contains("X-Amz-Function-Error") ? (string?)body!["errorType"] ?? "" : null;
    }

    /// <summary>An Invoke that is signed now, for a load generator to repeat within the next 15 minutes.</summary>
    /// <param name="name">The function.</param>
    /// <param name="invocationType">RequestResponse or Event.</param>
    public LoadRequest PresignedInvoke(string name, string invocationType = "RequestResponse")
    {
        const string Body = "{}";
        using var request = new HttpRequestMessage(HttpMethod.Post, new Uri(http.BaseAddress!, InvokePath(name)));
        request.Headers.TryAddWithoutValidation("X-Amz-Invocation-Type", invocationType);
        signer.Sign(request, System.Text.Encoding.UTF8.GetBytes(Body), time.GetUtcNow());
        return new LoadRequest(request.RequestUri!)
        {
            Method = "POST",
            Headers = request.Headers.NonValidated.ToDictionary(
                header => header.Key, header => header.Value.ToString()),
            Body = Body,
        };
    }

    /// <summary>Opens connections ahead, so that a burst measures the server and not the handshakes.</summary>
    public Task OpenConnectionsAsync(int count, CancellationToken cancellation) =>
        Task.WhenAll(Enumerable.Range(0, count).Select(async _ =>
        {
            using var answer = await SendAsync(HttpMethod.Get, $"{Functions}?MaxItems=1", [], cancellation);
            await answer.Content.CopyToAsync(Stream.Null, cancellation);
        }));

    public void Dispose() => http.Dispose();

    private static byte[] Bytes(string payload) => System.Text.Encoding.UTF8.GetBytes(payload);

    private static string InvokePath(string name) => $"{Functions}/{name}/invocations";

    private async Task<JsonObject> SendJsonAsync(
        HttpMethod method, string path, JsonObject? body, CancellationToken cancellation)
    {
        var bytes = body is null ? [] : JsonSerializer.SerializeToUtf8Bytes(body);
        using var answer = await SendAsync(method, path, bytes, cancellation);
        if (!answer.IsSuccessStatusCode)
        {
            throw await RefusedAsync(answer, cancellation);
        }

        return JsonNode.Parse(await answer.Content.ReadAsStringAsync(cancellation))!.AsObject();
    }

    private async Task<HttpResponseMessage> SendAsync(
        HttpMethod method,
        string path,
        byte[] body,
        CancellationToken cancellation,
        IEnumerable<(string Name, string Value)>? headers = null)
    {
        using var request = new HttpRequestMessage(method, new Uri(http.BaseAddress!, path));
        foreach (var (name, value) in headers ?? [])
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (body.Length > 0)
        {
            request.Content = new ByteArrayContent(body);
        }

        signer.Sign(request, body, time.GetUtcNow());
        try
        {
            return await http.SendAsync(request, HttpCompletionOption.ResponseContentRead, cancellation);
        }
        catch (HttpRequestException failure)
        {
            throw new BenchFailureException($"{method} {path}: {failure.Message}", inner: failure);
        }
    }

    private static async Task<BenchFailureException> RefusedAsync(
        HttpResponseMessage answer, CancellationToken cancellation)
    {
        var text = await answer.Content.ReadAsStringAsync(cancellation);
        return new BenchFailureException(
            $"{answer.RequestMessage!.Method} {answer.RequestMessage.RequestUri!.AbsolutePath} answered "
            + $"{(int)answer.StatusCode}: {text}");
    }
}
