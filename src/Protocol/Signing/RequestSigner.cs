using System.Globalization;
using System.Security.Cryptography;

namespace Lambent.Protocol.Signing;

/// <summary>Signs requests as a client of an AWS API.</summary>
/// <param name="credentials">The key.</param>
/// <param name="region">The server's region, such as us-east-1.</param>
/// <param name="service">The service's name in signatures, such as lambda.</param>
/// <param name="pathRule">How the service wants paths signed.</param>
public sealed class RequestSigner(
    SigningCredentials credentials, string region, string service, PathRule pathRule = PathRule.Standard)
{
    private readonly SigningKeyRing keys = new(credentials.Secret);

    /// <summary>
    /// Adds the date, the payload's hash, the session token and the Authorization header to a request. The request must
    /// not be changed afterwards, except for headers that are not signed; signed are the host, the content type and
    /// every x-amz- header.
    /// </summary>
    /// <param name="request">A request with an absolute address.</param>
    /// <param name="body">The bytes that the request's content will send.</param>
    /// <param name="now">The signature is good for 15 minutes around this time.</param>
    /// <exception cref="InvalidOperationException">The request's address is not absolute.</exception>
    public void Sign(HttpRequestMessage request, ReadOnlySpan<byte> body, DateTimeOffset now)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.RequestUri is not { IsAbsoluteUri: true } uri)
        {
            throw new InvalidOperationException("A request is signed with its absolute address: set RequestUri.");
        }

        var payloadHash = body.IsEmpty
            ? SignatureNames.EmptyPayloadHash
            : Convert.ToHexStringLower(SHA256.HashData(body));
        Replace(request, SignatureNames.DateHeader, SigningTime.ToText(now));
        Replace(request, SignatureNames.ContentHashHeader, payloadHash);
        if (credentials.SessionToken is { } token)
        {
            Replace(request, SignatureNames.SecurityTokenHeader, token);
        }

        var signed = new List<KeyValuePair<string, string>> { new("host", request.Headers.Host ?? HostOf(uri)) };
        foreach (var (name, values) in request.Headers.NonValidated)
        {
            if (name.StartsWith("x-amz-", StringComparison.OrdinalIgnoreCase))
            {
                signed.AddRange(values.Select(value => KeyValuePair.Create(name, value)));
            }
        }

        if (request.Content?.Headers.NonValidated.TryGetValues("Content-Type", out var contentType) == true)
        {
            signed.AddRange(contentType.Select(value => KeyValuePair.Create("content-type", value)));
        }

        var query = uri.Query;
        var authorization = Authorize(
            request.Method.Method, uri.AbsolutePath, query.Length > 0 ? query[1..] : "", signed, payloadHash, now);
        Replace(request, SignatureNames.AuthorizationHeader, authorization);
    }

    /// <summary>The Authorization header's value for a request given in parts.</summary>
    /// <param name="method">HTTP method.</param>
    /// <param name="path">Path as it will be on the request line.</param>
    /// <param name="query">Query as it will be on the request line, without the question mark.</param>
    /// <param name="headers">The headers to sign, in any order: at least the host and x-amz-date.</param>
    /// <param name="payloadHash">SHA-256 of the body, 64 hexadecimal digits.</param>
    /// <param name="now">The time that the x-amz-date header says.</param>
    public string Authorize(
        string method,
        string path,
        string query,
        IEnumerable<KeyValuePair<string, string>> headers,
        string payloadHash,
        DateTimeOffset now)
    {
        var groups = headers
            .GroupBy(header => header.Key.ToLowerInvariant(), header => header.Value)
            .OrderBy(group => group.Key, StringComparer.Ordinal)
            .ToList();
        var signedHeaders = string.Join(';', groups.Select(group => group.Key));
        var canonical = new CanonicalRequest(stackalloc byte[1024]);
        try
        {
            canonical.AppendMethod(method);
            canonical.AppendPath(path, pathRule);
            canonical.AppendQuery(query);
            foreach (var group in groups)
            {
                canonical.BeginHeader(group.Key);
                foreach (var value in group)
                {
                    canonical.AppendHeaderValue(value);
                }

                canonical.EndHeader();
            }

            canonical.AppendSignedHeaders(signedHeaders);
            canonical.AppendPayloadHash(payloadHash);
            var (scope, signature) = Sign(canonical, now);
            return $"{SignatureNames.Algorithm} Credential={credentials.AccessKeyId}/{scope}, "
                + $"SignedHeaders={signedHeaders}, Signature={signature}";
        }
        finally
        {
            canonical.Dispose();
        }
    }

    /// <summary>
    /// An address that carries its signature, so that who has it can make this one request for a while. Signed are the
    /// method, the address, the host and the body's hash.
    /// </summary>
    /// <param name="method">HTTP method that the address is for.</param>
    /// <param name="uri">Absolute address, with the query the request needs.</param>
    /// <param name="lifetime">How long it is good, whole seconds, up to seven days.</param>
    /// <param name="now">The time it is good from.</param>
    /// <param name="payloadHash">SHA-256 of the body that will be sent; by default of none.</param>
    public Uri Presign(
        string method,
        Uri uri,
        TimeSpan lifetime,
        DateTimeOffset now,
        string payloadHash = SignatureNames.EmptyPayloadHash)
    {
        ArgumentNullException.ThrowIfNull(uri);
        var time = SigningTime.ToText(now);
        var scope = $"{time[..SigningTime.DateLength]}/{region}/{service}/{SignatureNames.Terminator}";
        var seconds = ((long)lifetime.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        var query = uri.Query.TrimStart('?');
        query += query.Length > 0 ? "&" : "";
        query += $"{SignatureNames.AlgorithmParameter}={SignatureNames.Algorithm}"
            + $"&{SignatureNames.CredentialParameter}={Uri.EscapeDataString($"{credentials.AccessKeyId}/{scope}")}"
            + $"&{SignatureNames.DateParameter}={time}"
            + $"&{SignatureNames.ExpiresParameter}={seconds}"
            + $"&{SignatureNames.SignedHeadersParameter}={SignatureNames.HostHeader}";
        if (credentials.SessionToken is { } token)
        {
            query += $"&{SignatureNames.SecurityTokenParameter}={Uri.EscapeDataString(token)}";
        }

        var canonical = new CanonicalRequest(stackalloc byte[1024]);
        try
        {
            canonical.AppendMethod(method);
            canonical.AppendPath(uri.AbsolutePath, pathRule);
            canonical.AppendQuery(query);
            canonical.BeginHeader(SignatureNames.HostHeader);
            canonical.AppendHeaderValue(HostOf(uri));
            canonical.EndHeader();
            canonical.AppendSignedHeaders(SignatureNames.HostHeader);
            canonical.AppendPayloadHash(payloadHash);
            var (_, signature) = Sign(canonical, now);
            return new UriBuilder(uri) { Query = $"{query}&{SignatureNames.SignatureParameter}={signature}" }.Uri;
        }
        finally
        {
            canonical.Dispose();
        }
    }

    private (string Scope, string Signature) Sign(scoped in CanonicalRequest canonical, DateTimeOffset now)
    {
        var time = SigningTime.ToText(now);
        var date = time[..SigningTime.DateLength];
        Span<byte> hash = stackalloc byte[SignatureNames.HashBytes];
        Span<byte> signature = stackalloc byte[SignatureNames.HashBytes];
        canonical.Hash(hash);
        keys.Get(date, region, service).Sign(time, hash, signature);
        return ($"{date}/{region}/{service}/{SignatureNames.Terminator}", Convert.ToHexStringLower(signature));
    }

    private static void Replace(HttpRequestMessage request, string name, string value)
    {
        request.Headers.Remove(name);
        request.Headers.TryAddWithoutValidation(name, value);
    }

    /// <summary>The Host header that HttpClient sends for an address.</summary>
    private static string HostOf(Uri uri)
    {
        var host = uri.HostNameType == UriHostNameType.IPv6 ? $"[{uri.IdnHost}]" : uri.IdnHost;
        return uri.IsDefaultPort ? host : $"{host}:{uri.Port.ToString(CultureInfo.InvariantCulture)}";
    }
}
