using System.Formats.Cbor;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json.Nodes;
using Lambent.Kernel.Access;
using Lambent.Protocol.Signing;
using Lambent.Server.Access;
using Lambent.Server.Aws.CloudWatch;
using Lambent.Server.Aws.Protocols;
using Lambent.Server.Metrics;
using Lambent.Server.Tests.Access;
using Lambent.Server.Tests.Memory;
using Lambent.Storage.Telemetry;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Lambent.Server.Tests.Aws.CloudWatch;

/// <summary>CloudWatch's metrics on a free loopback port, with signatures and access as in the product.</summary>
internal sealed class CloudWatchServer : IAsyncDisposable
{
    private const string Region = "us-east-1";
    private static readonly HttpClient Client = new();

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("lambent-cloudwatch-");
    private WebApplication application = null!;

    public TelemetryStore Store { get; private set; } = null!;

    public MetricKeeper Keeper { get; private set; } = null!;

    public AccessKey Root { get; private set; } = null!;

    public AccessKey Tenant { get; private set; } = null!;

    public static async Task<CloudWatchServer> StartAsync()
    {
        var server = new CloudWatchServer();
        var (clock, memory) = (TimeProvider.System, new InMemoryStore());
        server.Store = TelemetryStore.Open(
            new TelemetryOptions { Path = Path.Combine(server.folder.FullName, "telemetry.db") }, clock);
        server.Keeper = new MetricKeeper(server.Store.Metrics, clock, NullLogger<MetricKeeper>.Instance);
        var custom = new CustomMetrics(server.Store.Metrics);
        server.Keeper.Add(custom);
        var keys = new AccessKeyDirectory(memory);
        var accounts = new AccountService(memory, keys, clock);
        server.Root = (await accounts.EnsureRootAsync()).Value;
        server.Tenant = (await accounts.CreateAsync("tenant", null)).Value.Key;
        var sessions = new SessionTokens((await SessionTokens.LoadKeyAsync(memory)).Value, _ => true, clock);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        server.application = builder.Build();
        new CloudWatchEndpoint(
            new SignatureVerifier(
                new AccessKeySource(keys, sessions), new SignatureScope(Region, CloudWatchEndpoint.Service), clock),
            CloudWatchOperations.All(new CloudWatchServices
            {
                Reader = new MetricReader(server.Store.Metrics, server.Keeper, new RateBook(memory), clock),
                Custom = custom,
                Markers = await PageMarkers.LoadAsync(memory),
                Region = Region,
                Time = clock,
            }),
            new RequestIds(clock).Next,
            NullLogger<CloudWatchEndpoint>.Instance).Map(server.application);
        await server.application.StartAsync();
        return server;
    }

    public Task<(HttpStatusCode Status, string Text)> JsonAsync(
        string operation, JsonNode body, AccessKey? key = null) => SendAsync(
            "/", Encoding.UTF8.GetBytes(body.ToJsonString()), "application/x-amz-json-1.0", key,
            ("X-Amz-Target", $"GraniteServiceVersion20100801.{operation}"));

    public Task<(HttpStatusCode Status, string Text)> QueryAsync(string form, AccessKey? key = null) =>
        SendAsync("/", Encoding.UTF8.GetBytes(form), "application/x-www-form-urlencoded", key);

    /// <summary>The body as CBOR of the same members; the answer as JSON.</summary>
    public async Task<(HttpStatusCode Status, JsonNode? Json)> CborAsync(string operation, byte[] body)
    {
        var (status, bytes) = await SendBytesAsync(
            $"/service/GraniteServiceVersion20100801/operation/{operation}", body, "application/cbor", null,
            ("smithy-protocol", "rpc-v2-cbor"));
        return (status, Read(new CborReader(bytes)));
    }

    public static byte[] ToCbor(JsonNode? node)
    {
        var writer = new CborWriter();
        Write(writer, node);
        return writer.Encode();
    }

    public async ValueTask DisposeAsync()
    {
        await application.DisposeAsync();
        Store.Dispose();
        folder.Delete(recursive: true);
    }

    private async Task<(HttpStatusCode Status, string Text)> SendAsync(
        string path, byte[] body, string type, AccessKey? key, params (string Name, string Value)[] headers)
    {
        var (status, bytes) = await SendBytesAsync(path, body, type, key, headers);
        return (status, Encoding.UTF8.GetString(bytes));
    }

    private async Task<(HttpStatusCode Status, byte[] Bytes)> SendBytesAsync(
        string path, byte[] body, string type, AccessKey? key, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(
            HttpMethod.Post, new Uri(application.Urls.Single().TrimEnd('/') + path));
        request.Content = new ByteArrayContent(body);
        request.Content.Headers.ContentType = new MediaTypeHeaderValue(type);
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        new RequestSigner(AccessServer.Credentials(key ?? Root), Region, CloudWatchEndpoint.Service)
            .Sign(request, body, TimeProvider.System.GetUtcNow());
        using var response = await Client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsByteArrayAsync());
    }

    private static void Write(CborWriter writer, JsonNode? node)
    {
        switch (node)
        {
            case null:
                writer.WriteNull();
                break;
            case JsonObject members:
                writer.WriteStartMap(members.Count);
                foreach (var (name, value) in members)
                {
                    writer.WriteTextString(name);
                    Write(writer, value);
                }

                writer.WriteEndMap();
                break;
            case JsonArray items:
                writer.WriteStartArray(items.Count);
                foreach (var item in items)
                {
                    Write(writer, item);
                }

                writer.WriteEndArray();
                break;
            case JsonValue value when value.TryGetValue<bool>(out var flag):
                writer.WriteBoolean(flag);
                break;
            case JsonValue value when value.TryGetValue<string>(out var text):
                writer.WriteTextString(text);
                break;
            default:
                writer.WriteDouble(double.Parse(
                    node.ToJsonString(), System.Globalization.CultureInfo.InvariantCulture));
                break;
        }
    }

    private static JsonNode? Read(CborReader reader)
    {
        switch (reader.PeekState())
        {
            case CborReaderState.StartMap:
                var members = new JsonObject();
                reader.ReadStartMap();
                while (reader.PeekState() != CborReaderState.EndMap)
                {
                    members[reader.ReadTextString()] = Read(reader);
                }

                reader.ReadEndMap();
                return members;
            case CborReaderState.StartArray:
                var items = new JsonArray();
                reader.ReadStartArray();
                while (reader.PeekState() != CborReaderState.EndArray)
                {
                    items.Add(Read(reader));
                }

                reader.ReadEndArray();
                return items;
            case CborReaderState.Tag:
                reader.ReadTag();
                return Read(reader);
            case CborReaderState.TextString:
                return reader.ReadTextString();
            default:
                return reader.ReadDouble();
        }
    }
}
