using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Xml.Linq;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Protocol.Signing;
using Lambent.Server.Access;
using Lambent.Server.Aws.S3;
using Lambent.Server.Objects;
using Lambent.Server.Tests.Access;
using Lambent.Storage.Disk;
using Lambent.Storage.Objects;
using Lambent.Storage.Sqlite;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Shouldly;

namespace Lambent.Server.Tests.Aws.S3;

/// <summary>What the API answered.</summary>
internal sealed record S3Answer(HttpStatusCode Status, byte[] Body, IReadOnlyDictionary<string, string> Headers)
{
    private static readonly XNamespace Space = "http://s3.amazonaws.com/doc/2006-03-01/";

    public string Text => Encoding.UTF8.GetString(Body);

    public string? Code => Status >= HttpStatusCode.BadRequest && Body.Length > 0
        ? XDocument.Parse(Text).Root!.Element("Code")?.Value
        : null;

    public string[] All(string name) =>
        [.. XDocument.Parse(Text).Descendants(Space + name).Select(found => found.Value)];

    public S3Answer Ok(int status = 200)
    {
        ((int)Status).ShouldBe(status, Text);
        return this;
    }

    public void Fails(int status, string code)
    {
        Code.ShouldBe(code, Text);
        ((int)Status).ShouldBe(status);
    }
}

/// <summary>The S3 API on a free loopback port, on a real data folder, with signatures as in the product.</summary>
internal sealed class S3Server : IAsyncDisposable
{
    public const string Region = "us-east-1";
    private static readonly HttpClient Client = new();

    private readonly WebApplication application;
    private readonly SqliteStore store;
    private readonly DataFolder folder;
    private readonly ContentSweeper sweeper;

    private S3Server(WebApplication application, SqliteStore store, DataFolder folder, ContentSweeper sweeper)
    {
        this.application = application;
        this.store = store;
        this.folder = folder;
        this.sweeper = sweeper;
    }

    public string Address => application.Urls.Single();

    public required ShiftedTime Time { get; init; }

    public required AccountService Accounts { get; init; }

    public required SessionTokens Sessions { get; init; }

    public required AccessKey Root { get; init; }

    public ContentSweeper Sweeper => sweeper;

    /// <summary>Files of contents there are.</summary>
    public string[] Contents => [.. Directory
        .EnumerateFiles(folder.ObjectsPath, "*", SearchOption.AllDirectories).Select(path => Path.GetFileName(path))];

    public string[] Temporary => Directory.GetFileSystemEntries(folder.TemporaryPath);

    /// <summary>Leaves a content that nothing refers to, as a crash does.</summary>
    public void LeaveOrphan(string text)
    {
        using var writer = new ContentStore(folder).Begin();
        writer.Write(Encoding.UTF8.GetBytes(text)).IsSuccess.ShouldBeTrue();
        writer.Complete().IsSuccess.ShouldBeTrue();
    }

    /// <summary>Changes a byte of every content, as a bad disk does.</summary>
    public void Damage()
    {
        foreach (var path in Directory.EnumerateFiles(folder.ObjectsPath, "*", SearchOption.AllDirectories))
        {
            var bytes = File.ReadAllBytes(path);
            bytes[0] ^= 1;
            File.WriteAllBytes(path, bytes);
        }
    }

    public static async Task<S3Server> StartAsync()
    {
        var folder = DataFolder.Open(Directory.CreateTempSubdirectory("lambent-s3-").FullName).Value;
        var time = new ShiftedTime();
        var store = SqliteStore.Open(new SqliteStoreOptions { Path = folder.DatabasePath }, time);
        var keys = new AccessKeyDirectory(store);
        var accounts = new AccountService(store, keys, time);
        var root = (await accounts.EnsureRootAsync()).Value;
        var sessions = new SessionTokens((await SessionTokens.LoadKeyAsync(store)).Value, _ => true, time);
        var contents = new ContentStore(folder);
        var sweeper = new ContentSweeper(store, contents, time, NullLogger<ContentSweeper>.Instance);
        var objects = new ObjectService(store, contents, sweeper, NewId, time);
        var bodies = new XmlBody();
        var operations = new S3Operations(
            new BucketOperations(objects, bodies, Region),
            new ListOperations(objects),
            new ReadOperations(objects),
            new WriteOperations(objects, bodies),
            new UploadOperations(objects, bodies));
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var application = builder.Build();
        var verifier = new SignatureVerifier(new AccessKeySource(keys, sessions), S3Endpoint.Scope(Region), time);
        new S3Endpoint(verifier, operations, NewId, NullLogger<S3Endpoint>.Instance).Map(application);
        await application.StartAsync();
        return new S3Server(application, store, folder, sweeper)
        {
            Time = time, Accounts = accounts, Sessions = sessions, Root = root,
        };
    }

    public SigningCredentials Session(string function)
    {
        var session = Sessions.Issue(
            new Kernel.Functions.FunctionId(AccountId.Root, function), TimeSpan.FromHours(1));
        return new SigningCredentials(session.AccessKeyId, session.Secret, session.SessionToken);
    }

    /// <summary>Makes a bucket.</summary>
    public async Task BucketAsync(string name) => (await CallAsync("PUT", $"/{name}")).Ok();

    public Task<S3Answer> CallAsync(
        string method, string target, string body, params (string Name, string Value)[] headers) =>
        CallAsync(method, target, Encoding.UTF8.GetBytes(body), null, headers);

    /// <summary>One request, signed with its body's hash.</summary>
    public Task<S3Answer> CallAsync(
        string method,
        string target,
        byte[]? body = null,
        SigningCredentials? credentials = null,
        params (string Name, string Value)[] headers)
    {
        body ??= [];
        return SendAsync(
            method, target, body, Convert.ToHexStringLower(SHA256.HashData(body)), credentials, headers);
    }

    /// <summary>One request, signed with what the caller says is the body's hash.</summary>
    public async Task<S3Answer> SendAsync(
        string method,
        string target,
        byte[] body,
        string payloadHash,
        SigningCredentials? credentials = null,
        params (string Name, string Value)[] headers)
    {
        var asItIs = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true };
        var uri = new Uri(Address + target, asItIs);
        using var request = new HttpRequestMessage(new HttpMethod(method), uri);
        if (method is "PUT" or "POST" || body.Length > 0)
        {
            request.Content = new ByteArrayContent(body);
        }

        var signing = credentials ?? AccessServer.Credentials(Root);
        var now = Time.GetUtcNow();
        List<KeyValuePair<string, string>> signed =
        [
            new("host", uri.Authority),
            new("x-amz-date", SigningTime.ToText(now)),
            new("x-amz-content-sha256", payloadHash),
            .. headers.Where(header => header.Name.StartsWith("x-amz-", StringComparison.Ordinal))
                .Select(header => KeyValuePair.Create(header.Name, header.Value)),
        ];
        if (signing.SessionToken is { } token)
        {
            signed.Add(new("x-amz-security-token", token));
        }

        var question = target.IndexOf('?');
        var authorization = new RequestSigner(signing, Region, "s3", PathRule.Verbatim).Authorize(
            method,
            question < 0 ? target : target[..question],
            question < 0 ? "" : target[(question + 1)..],
            signed,
            payloadHash,
            now);
        foreach (var (name, value) in signed.Skip(1).Append(new("Authorization", authorization)))
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        foreach (var (name, value) in headers.Where(
            header => !header.Name.StartsWith("x-amz-", StringComparison.Ordinal)))
        {
            if (!request.Headers.TryAddWithoutValidation(name, value))
            {
                request.Content?.Headers.TryAddWithoutValidation(name, value);
            }
        }

        return await SendAsync(request);
    }

    /// <summary>A request as it is.</summary>
    public static async Task<S3Answer> SendAsync(HttpRequestMessage request)
    {
        using var response = await Client.SendAsync(request);
        var headers = response.Headers.Concat(response.Content.Headers).ToDictionary(
            header => header.Key, header => string.Join(", ", header.Value), StringComparer.OrdinalIgnoreCase);
        return new S3Answer(response.StatusCode, await response.Content.ReadAsByteArrayAsync(), headers);
    }

    public async ValueTask DisposeAsync()
    {
        await application.DisposeAsync();
        await sweeper.DisposeAsync();
        store.Dispose();
        var root = folder.Root;
        folder.Dispose();
        Directory.Delete(root, recursive: true);
    }

    private static string NewId() => Guid.NewGuid().ToString("N");
}
