using System.Security.Cryptography;
using System.Text;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Functions;
using Lambent.Protocol.Signing;
using Lambent.Server.Access;
using Lambent.Server.Tests.Memory;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Lambent.Server.Tests.Access;

/// <summary>A verifier with one account, and requests for it made by hand.</summary>
internal sealed class VerifierBench
{
    public const string Region = "eu-west-1";

    public static readonly DateTimeOffset Noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    private VerifierBench(AccountService accounts, AccessKeyDirectory directory, AccessKey key)
    {
        Accounts = accounts;
        Directory = directory;
        Key = key;
        Sessions = new SessionTokens(RandomNumberGenerator.GetBytes(32), id => Functions.Contains(id), Time);
        Verifier = Create(new SignatureScope(Region, "lambda"));
        Signer = SignerFor(key);
    }

    public ShiftedTime Time { get; } = new(Noon);

    public AccountService Accounts { get; }

    public AccessKeyDirectory Directory { get; }

    public AccessKey Key { get; }

    public SessionTokens Sessions { get; }

    public HashSet<FunctionId> Functions { get; } = [];

    public SignatureVerifier Verifier { get; }

    public RequestSigner Signer { get; }

    public static async Task<VerifierBench> CreateAsync()
    {
        var store = new InMemoryStore();
        var directory = new AccessKeyDirectory(store);
        var accounts = new AccountService(store, directory, TimeProvider.System);
        return new VerifierBench(accounts, directory, (await accounts.EnsureRootAsync()).Value);
    }

    public static RequestSigner SignerFor(AccessKey key) =>
        new(new SigningCredentials(key.Id, key.Secret), Region, "lambda");

    public SignatureVerifier Create(SignatureScope scope) =>
        new(new AccessKeySource(Directory, Sessions), scope, Time);

    public Result<Principal> Verify(TestRequest request) =>
        Verifier.Verify(request.ToContext(), Encoding.UTF8.GetBytes(request.Body));
}

/// <summary>A request in parts, so that a test can change one of them after it was signed.</summary>
internal sealed record TestRequest
{
    public string Method { get; init; } = "POST";

    public string Path { get; init; } = "/2015-03-31/functions/hello/invocations";

    public string Query { get; init; } = "Qualifier=prod&a=1";

    public string Body { get; init; } = "{\"name\":\"world\"}";

    /// <summary>Lower-case names; one name may come several times.</summary>
    public IReadOnlyList<KeyValuePair<string, string>> Headers { get; init; } =
    [
        new("host", "127.0.0.1:9550"),
        new("content-type", "application/json"),
        new("x-amz-invocation-type", "RequestResponse"),
    ];

    public string Target => Query.Length == 0 ? Path : $"{Path}?{Query}";

    public string? this[string name] => Headers.FirstOrDefault(header => header.Key == name).Value;

    public TestRequest With(string name, string? value) => this with
    {
        Headers =
        [
            .. Headers.Where(header => header.Key != name),
            .. value is null ? [] : new[] { KeyValuePair.Create(name, value) },
        ],
    };

    public TestRequest Add(string name, string value) =>
        this with { Headers = [.. Headers, KeyValuePair.Create(name, value)] };

    public TestRequest Replace(string name, string old, string replacement) =>
        With(name, this[name]!.Replace(old, replacement, StringComparison.Ordinal));

    /// <summary>Signs all headers that are there.</summary>
    /// <param name="sendsHash">Whether the body's hash goes along as a header.</param>
    public TestRequest Sign(
        RequestSigner signer, DateTimeOffset? now = null, bool sendsHash = false, string? hash = null)
    {
        var time = now ?? VerifierBench.Noon;
        hash ??= Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Body)));
        var dated = With(SignatureNames.DateHeader, SigningTime.ToText(time));
        dated = sendsHash ? dated.With(SignatureNames.ContentHashHeader, hash) : dated;
        return dated.Add("authorization", signer.Authorize(Method, Path, Query, dated.Headers, hash, time));
    }

    public DefaultHttpContext ToContext()
    {
        var context = new DefaultHttpContext();
        context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget = Target;
        context.Request.Method = Method;
        context.Request.QueryString = new QueryString(Query.Length == 0 ? "" : "?" + Query);
        foreach (var (name, value) in Headers)
        {
            context.Request.Headers.Append(name, value);
        }

        return context;
    }
}
