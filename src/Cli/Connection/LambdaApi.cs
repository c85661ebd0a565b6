using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Lambent.Cli.Commands;

namespace Lambent.Cli.Connection;

/// <summary>The operations of the Lambda API that the verbs use; one method, one operation.</summary>
internal sealed class LambdaApi(ServerClient server)
{
    private const string Functions = "/2015-03-31/functions";

    public Task<ListFunctionsAnswer> ListFunctionsAsync(string? marker, CancellationToken cancellation) =>
        GetAsync(Page($"{Functions}/", marker), LambdaJson.Default.ListFunctionsAnswer, cancellation);

    /// <summary>Every function, following the pages.</summary>
    public Task<List<FunctionConfiguration>> AllFunctionsAsync(CancellationToken cancellation) =>
        PagesAsync(
            marker => ListFunctionsAsync(marker, cancellation), page => page.Functions, page => page.NextMarker);

    public Task<GetFunctionAnswer> GetFunctionAsync(string name, CancellationToken cancellation) =>
        GetAsync($"{Functions}/{Escape(name)}", LambdaJson.Default.GetFunctionAnswer, cancellation);

    /// <summary>The function, or null when there is none of this name.</summary>
    public async Task<GetFunctionAnswer?> FindFunctionAsync(string name, CancellationToken cancellation)
    {
        try
        {
            return await GetFunctionAsync(name, cancellation);
        }
        catch (CommandFailedException failed) when (failed.Failure.Exit == ExitCode.NotFound)
        {
            return null;
        }
    }

    public Task<FunctionConfiguration> GetConfigurationAsync(string name, CancellationToken cancellation) =>
        GetAsync($"{Functions}/{Escape(name)}/configuration", LambdaJson.Default.FunctionConfiguration, cancellation);

    public Task<FunctionConfiguration> CreateFunctionAsync(CreateFunctionCall call, CancellationToken cancellation) =>
        SendAsync(
            HttpMethod.Post, Functions, call, LambdaJson.Default.CreateFunctionCall,
            LambdaJson.Default.FunctionConfiguration, cancellation);

    public Task<FunctionConfiguration> UpdateCodeAsync(
        string name, UpdateCodeCall call, CancellationToken cancellation) =>
        SendAsync(
            HttpMethod.Put, $"{Functions}/{Escape(name)}/code", call, LambdaJson.Default.UpdateCodeCall,
            LambdaJson.Default.FunctionConfiguration, cancellation);

    public Task<FunctionConfiguration> UpdateConfigurationAsync(
        string name, UpdateConfigurationCall call, CancellationToken cancellation) =>
        SendAsync(
            HttpMethod.Put, $"{Functions}/{Escape(name)}/configuration", call,
            LambdaJson.Default.UpdateConfigurationCall, LambdaJson.Default.FunctionConfiguration, cancellation);

    public Task DeleteFunctionAsync(string name, CancellationToken cancellation) =>
        SendAsync(HttpMethod.Delete, $"{Functions}/{Escape(name)}", cancellation);

    public Task<List<FunctionConfiguration>> VersionsAsync(string name, CancellationToken cancellation) =>
        PagesAsync(
            marker => GetAsync(
                Page($"{Functions}/{Escape(name)}/versions", marker),
                LambdaJson.Default.ListVersionsAnswer,
                cancellation),
            page => page.Versions,
            page => page.NextMarker);

    public Task<List<AliasConfiguration>> AliasesAsync(string name, CancellationToken cancellation) =>
        PagesAsync(
            marker => GetAsync(
                Page($"{Functions}/{Escape(name)}/aliases", marker),
                LambdaJson.Default.ListAliasesAnswer,
                cancellation),
            page => page.Aliases,
            page => page.NextMarker);

    public Task<List<LayerEntry>> LayersAsync(CancellationToken cancellation) =>
        PagesAsync(
            marker => GetAsync(
                Page("/2018-10-31/layers", marker), LambdaJson.Default.ListLayersAnswer, cancellation),
            page => page.Layers,
            page => page.NextMarker);

    public Task TagAsync(string arn, IReadOnlyDictionary<string, string> tags, CancellationToken cancellation) =>
        SendAsync(
            HttpMethod.Post, $"/2017-03-31/tags/{Escape(arn)}", new TagCall { Tags = tags },
            LambdaJson.Default.TagCall, cancellation);

    public Task ReserveAsync(string name, int concurrency, CancellationToken cancellation) =>
        SendAsync(
            HttpMethod.Put, $"/2017-10-31/functions/{Escape(name)}/concurrency",
            new ReservedConcurrency { ReservedConcurrentExecutions = concurrency },
            LambdaJson.Default.ReservedConcurrency, cancellation);

    /// <summary>How the function's asynchronous calls are made, or null when that was never set.</summary>
    public async Task<EventInvokeConfiguration?> FindEventsAsync(string name, CancellationToken cancellation)
    {
        try
        {
            return await GetAsync(EventsPath(name), LambdaJson.Default.EventInvokeConfiguration, cancellation);
        }
        catch (CommandFailedException failed) when (failed.Failure.Exit == ExitCode.NotFound)
        {
            return null;
        }
    }

    public Task PutEventsAsync(string name, EventInvokeConfiguration events, CancellationToken cancellation) =>
        SendAsync(
            HttpMethod.Put, EventsPath(name), events, LambdaJson.Default.EventInvokeConfiguration, cancellation);

    /// <summary>The function's URL, or null when it has none.</summary>
    public async Task<FunctionUrlConfiguration?> FindUrlAsync(string name, CancellationToken cancellation)
    {
        try
        {
            return await GetAsync(UrlPath(name), LambdaJson.Default.FunctionUrlConfiguration, cancellation);
        }
        catch (CommandFailedException failed) when (failed.Failure.Exit == ExitCode.NotFound)
        {
            return null;
        }
    }

    public Task<FunctionUrlConfiguration> CreateUrlAsync(string name, string auth, CancellationToken cancellation) =>
        SendAsync(
            HttpMethod.Post, UrlPath(name), new CreateUrlCall { AuthType = auth }, LambdaJson.Default.CreateUrlCall,
            LambdaJson.Default.FunctionUrlConfiguration, cancellation);

    /// <summary>Adds a grant; one with the same id that is there already is left as it is.</summary>
    public async Task AddPermissionAsync(string name, AddPermissionCall call, CancellationToken cancellation)
    {
        try
        {
            await SendAsync(
                HttpMethod.Post, $"{Functions}/{Escape(name)}/policy", call, LambdaJson.Default.AddPermissionCall,
                cancellation);
        }
        catch (CommandFailedException failed) when (failed.Failure.Exit == ExitCode.Conflict)
        {
            // Deployed before with the same option.
        }
    }

    /// <summary>Calls a function; the answer's head says whether the function failed.</summary>
    public Task<HttpResponseMessage> InvokeAsync(
        string name, string? qualifier, byte[] payload, InvocationKind kind, CancellationToken cancellation)
    {
        var query = qualifier is null ? "" : $"?Qualifier={Escape(qualifier)}";
        var headers = new List<KeyValuePair<string, string>>
        {
            new("X-Amz-Invocation-Type", kind.Asynchronous ? "Event" : "RequestResponse"),
        };
        headers.AddRange(kind.Headers ?? []);
        if (kind.WithLog)
        {
            headers.Add(new("X-Amz-Log-Type", "Tail"));
        }

        var request = new ServerRequest(HttpMethod.Post, $"{Functions}/{Escape(name)}/invocations{query}")
        {
            Body = payload,
            ContentType = "application/octet-stream",
            Headers = headers,
            Patience = TimeSpan.FromMinutes(16),
        };
        return server.SendAsync(request, cancellation);
    }

    private static string UrlPath(string name) => $"/2021-10-31/functions/{Escape(name)}/url";

    private static string EventsPath(string name) =>
        $"/2019-09-25/functions/{Escape(name)}/event-invoke-config";

    private static string Escape(string segment) => Uri.EscapeDataString(segment);

    private static string Page(string path, string? marker) =>
        marker is null ? path : $"{path}?Marker={Escape(marker)}";

    private static async Task<List<TItem>> PagesAsync<TPage, TItem>(
        Func<string?, Task<TPage>> fetch, Func<TPage, List<TItem>> items, Func<TPage, string?> next)
    {
        var all = new List<TItem>();
        string? marker = null;
        do
        {
            var page = await fetch(marker);
            all.AddRange(items(page));
            marker = next(page);
        }
        while (marker is { Length: > 0 });
        return all;
    }

    private Task<T> GetAsync<T>(string path, JsonTypeInfo<T> shape, CancellationToken cancellation) =>
        server.SendAsync(new ServerRequest(HttpMethod.Get, path), shape, cancellation);

    private async Task SendAsync(HttpMethod method, string path, CancellationToken cancellation)
    {
        using var response = await server.SendAsync(new ServerRequest(method, path), cancellation);
    }

    private async Task SendAsync<TCall>(
        HttpMethod method, string path, TCall call, JsonTypeInfo<TCall> shape, CancellationToken cancellation)
    {
        var request = new ServerRequest(method, path) { Body = JsonSerializer.SerializeToUtf8Bytes(call, shape) };
        using var response = await server.SendAsync(request, cancellation);
    }

    private Task<TAnswer> SendAsync<TCall, TAnswer>(
        HttpMethod method, string path, TCall call, JsonTypeInfo<TCall> callShape, JsonTypeInfo<TAnswer> answerShape,
        CancellationToken cancellation)
    {
        var request = new ServerRequest(method, path) { Body = JsonSerializer.SerializeToUtf8Bytes(call, callShape) };
        return server.SendAsync(request, answerShape, cancellation);
    }
}

/// <summary>How a function is called.</summary>
/// <param name="Asynchronous">Accept the event, do not wait.</param>
/// <param name="WithLog">Return the end of the call's log.</param>
internal readonly record struct InvocationKind(bool Asynchronous, bool WithLog)
{
    /// <summary>What an asynchronous call asks for besides what AWS has; null for nothing.</summary>
    public IReadOnlyList<KeyValuePair<string, string>>? Headers { get; init; }
}
