using System.Globalization;
using Lambent.Kernel;
using Lambent.Protocol.Signing;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Net.Http.Headers;

namespace Lambent.Server.Access;

/// <summary>
/// What a request says about its signature, from the Authorization header or from the query, read and not yet
/// believed. Texts are as the client sent them.
/// </summary>
internal ref struct SignedRequest
{
    public ReadOnlySpan<char> Algorithm { get; private set; }

    public ReadOnlySpan<char> Credential { get; private set; }

    public ReadOnlySpan<char> SignedHeaders { get; private set; }

    public ReadOnlySpan<char> Signature { get; private set; }

    /// <summary>The credential taken apart; set by whoever judges it.</summary>
    public CredentialScope Scope { get; set; }

    /// <summary>Sixteen characters, checked.</summary>
    public ReadOnlySpan<char> TimeText { get; private set; }

    public DateTimeOffset Time { get; private set; }

    public string? SecurityToken { get; private set; }

    /// <summary>How long a presigned address is good; null when it does not say or the header form was used.</summary>
    public TimeSpan? Lifetime { get; private set; }

    /// <summary>The signature came in the query, and is not part of what is signed.</summary>
    public bool IsPresigned { get; private set; }

    /// <summary>What the client says is the body's hash, or null.</summary>
    public string? ClaimedPayloadHash { get; private set; }

    /// <summary>The path as on the request line.</summary>
    public ReadOnlySpan<char> Path { get; private set; }

    /// <summary>The query as on the request line, without the question mark.</summary>
    public ReadOnlySpan<char> Query { get; private set; }

    /// <summary>Reads a request; null when it can be judged further.</summary>
    public static Error? Read(HttpContext http, out SignedRequest signed)
    {
        signed = default;
        signed.ReadTarget(http);
        var request = http.Request;
        var authorization = request.Headers.Authorization;
        var hasParameters = signed.Query.Contains(SignatureNames.AlgorithmParameter, StringComparison.Ordinal)
            && request.Query.ContainsKey(SignatureNames.AlgorithmParameter);
        if (authorization.Count > 0 && hasParameters)
        {
            return SignatureErrors.BothForms;
        }

        signed.ClaimedPayloadHash = request.Headers.TryGetValue(SignatureNames.ContentHashHeader, out var claimed)
            ? claimed.ToString()
            : null;
        return authorization.Count > 0 ? signed.ReadHeader(request, authorization.ToString())
            : hasParameters ? signed.ReadParameters(request)
            : SignatureErrors.Missing;
    }

    /// <summary>
    /// A presigned address is made before there is a body, so it says the body's hash in itself or covers none.
    /// </summary>
    public void ClaimPresignedPayload(HttpRequest request) =>
        ClaimedPayloadHash = request.Query.TryGetValue(SignatureNames.ContentHashHeader, out var claimed)
            ? claimed.ToString()
            : SignatureNames.UnsignedPayload;

    private Error? ReadHeader(HttpRequest request, string authorization)
    {
        if (!AuthorizationHeader.TryParse(authorization, out var header))
        {
            return SignatureErrors.NotKeyValue(authorization);
        }

        var time = request.Headers.TryGetValue(SignatureNames.DateHeader, out var amazonDate)
            ? amazonDate.ToString()
            : Normalize(request.Headers[HeaderNames.Date].ToString());
        if (header.Credential.IsEmpty || header.Signature.IsEmpty || header.SignedHeaders.IsEmpty || time.Length == 0)
        {
            return SignatureErrors.HeaderIncomplete(
                authorization,
                credential: !header.Credential.IsEmpty,
                signature: !header.Signature.IsEmpty,
                signedHeaders: !header.SignedHeaders.IsEmpty,
                date: time.Length > 0);
        }

        Algorithm = header.Algorithm;
        Credential = header.Credential;
        SignedHeaders = header.SignedHeaders;
        Signature = header.Signature;
        SecurityToken = request.Headers.TryGetValue(SignatureNames.SecurityTokenHeader, out var token)
            ? token.ToString()
            : null;
        return ReadTime(time);
    }

    private Error? ReadParameters(HttpRequest request)
    {
        var query = request.Query;
        string[] required =
        [
            SignatureNames.AlgorithmParameter, SignatureNames.CredentialParameter, SignatureNames.SignatureParameter,
            SignatureNames.SignedHeadersParameter, SignatureNames.DateParameter,
        ];
        var missing = Array.FindAll(required, name => query[name] is not [{ Length: > 0 }]);
        if (missing.Length > 0)
        {
            return SignatureErrors.QueryIncomplete(missing);
        }

        if (query.TryGetValue(SignatureNames.ExpiresParameter, out var expires))
        {
            if (!int.TryParse(expires, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
                || seconds > Limits.PresignedExpiryMax.TotalSeconds)
            {
                return SignatureErrors.ExpiresInvalid;
            }

            Lifetime = TimeSpan.FromSeconds(seconds);
        }

        IsPresigned = true;
        Algorithm = query[SignatureNames.AlgorithmParameter].ToString();
        Credential = query[SignatureNames.CredentialParameter].ToString();
        SignedHeaders = query[SignatureNames.SignedHeadersParameter].ToString();
        Signature = query[SignatureNames.SignatureParameter].ToString();
        SecurityToken = query.TryGetValue(SignatureNames.SecurityTokenParameter, out var token)
            ? token.ToString()
            : null;
        return ReadTime(query[SignatureNames.DateParameter].ToString());
    }

    private Error? ReadTime(string text)
    {
        if (!SigningTime.TryParse(text, out var time))
        {
            return SignatureErrors.DateMalformed(text);
        }

        TimeText = text;
        Time = time;
        return null;
    }

    /// <summary>
    /// The target as it came: Kestrel's path is decoded and without dot segments, and two different requests could
    /// not be told apart by it. A proxy's client sends the whole address; only its path and query are signed.
    /// </summary>
    private void ReadTarget(HttpContext http)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.AsSpan();
        if (target.IsEmpty || target[0] != '/')
        {
            var authority = target.IndexOf("://", StringComparison.Ordinal);
            var afterAuthority = authority < 0 ? default : target[(authority + 3)..];
            var path = afterAuthority.IndexOfAny('/', '?');
            target = path < 0 ? "/" : afterAuthority[path..];
        }

        var question = target.IndexOf('?');
        Path = question < 0 ? target : target[..question];
        Query = question < 0 ? default : target[(question + 1)..];
    }

    /// <summary>The Date header in HTTP's own format as the one that is signed.</summary>
    private static string Normalize(string date) =>
        DateTimeOffset.TryParseExact(
            date, "r", CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? SigningTime.ToText(time)
            : date;
}
