using System.Text.Json.Nodes;
using Lambent.Protocol.Signing;
using Lambent.Server.Tests.Access.Clients;
using Shouldly;
using Xunit;

namespace Lambent.Server.Tests.Access;

/// <summary>Requests of strange kinds, signed by botocore's own signer, get the same signature from ours.</summary>
public sealed class BotocoreOracleTests
{
    private const int RequestCount = 600;
    private const int Seed = 20150830;

    [Fact]
    public async Task Generated_requests_get_botocores_signature()
    {
        var runs = await PythonClient.RunAsync(
            "generate.py",
            new Dictionary<string, string>(),
            () => Task.FromResult<string[]>([$"{RequestCount}", $"{Seed}"]));
        foreach (var requests in runs)
        {
            requests.Count.ShouldBe(RequestCount);
            requests.Where(request => !IsRight(request)).Select(request => request.ToJsonString()).ShouldBeEmpty();
        }
    }

    private static bool IsRight(JsonObject request)
    {
        var headers = request["headers"]!.AsArray()
            .ToLookup(header => (string)header![0]!, header => (string)header![1]!);
        var query = (string)request["query"]!;
        var isPresigned = (string)request["kind"]! == "query";
        var (credential, signedHeaders, signature, time) = isPresigned
            ? FromQuery(query)
            : FromHeader(headers["authorization"].Single(), headers[SignatureNames.DateHeader].Single());

        // botocore signs the host, and lets the transport add it.
        string[] Values(string name) => name == "host" ? ["127.0.0.1:9550"] : [.. headers[name]];

        var canonical = new CanonicalRequest(stackalloc byte[64]);
        canonical.AppendMethod((string)request["method"]!);
        canonical.AppendPath(
            (string)request["path"]!, (string)request["kind"]! == "s3" ? PathRule.Verbatim : PathRule.Standard);
        canonical.AppendQuery(query, isPresigned ? SignatureNames.SignatureParameter : default);
        foreach (var name in signedHeaders.Split(';'))
        {
            canonical.BeginHeader(name);
            foreach (var value in Values(name))
            {
                canonical.AppendHeaderValue(value);
            }

            canonical.EndHeader();
        }

        canonical.AppendSignedHeaders(signedHeaders);
        canonical.AppendPayloadHash((string)request["hash"]!);
        Span<byte> hash = stackalloc byte[SignatureNames.HashBytes];
        canonical.Hash(hash);
        canonical.Dispose();
        CredentialScope.TryParse(credential, out var scope).ShouldBeTrue();
        return SigningKey
            .Derive(PublishedVectors.Secret, scope.Date.ToString(), scope.Region.ToString(), scope.Service.ToString())
            .Verify(time, hash, signature);
    }

    private static (string Credential, string SignedHeaders, string Signature, string Time) FromHeader(
        string authorization, string time)
    {
        AuthorizationHeader.TryParse(authorization, out var header).ShouldBeTrue();
        return (header.Credential.ToString(), header.SignedHeaders.ToString(), header.Signature.ToString(), time);
    }

    private static (string Credential, string SignedHeaders, string Signature, string Time) FromQuery(string query)
    {
        var parameters = query.Split('&')
            .Select(pair => pair.Split('=', 2))
            .Where(pair => pair[0].StartsWith("X-Amz-", StringComparison.Ordinal))
            .ToDictionary(pair => pair[0], pair => Uri.UnescapeDataString(pair[1]));
        return (
            parameters[SignatureNames.CredentialParameter],
            parameters[SignatureNames.SignedHeadersParameter],
            parameters[SignatureNames.SignatureParameter],
            parameters[SignatureNames.DateParameter]);
    }
}
