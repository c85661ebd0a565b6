using System.Buffers;
using System.Collections.Frozen;
using System.Security.Cryptography;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Protocol.Signing;
using Microsoft.AspNetCore.Http;

namespace Lambent.Server.Access;

/// <summary>What a verifier expects in the credential scope.</summary>
/// <param name="Region">The server's region.</param>
/// <param name="Service">Such as lambda.</param>
internal sealed record SignatureScope(string Region, string Service)
{
    /// <summary>Where clients sign for a service that AWS has once for the world.</summary>
    public const string GlobalRegion = "us-east-1";

    /// <summary>Signatures for <see cref="GlobalRegion"/> are taken too, whatever the server's region is.</summary>
    public bool AcceptsGlobalRegion { get; init; }

    /// <summary>Bodies that are not part of the signature are taken; AWS allows that for S3 alone.</summary>
    public bool AcceptsUnsignedPayload { get; init; }

    /// <summary>Bodies in chunks are taken, signed each or not at all: aws-chunked, which is S3's.</summary>
    public bool AcceptsChunkedPayload { get; init; }

    public PathRule PathRule { get; init; } = PathRule.Standard;

    public bool IsRegion(ReadOnlySpan<char> region) =>
        region.SequenceEqual(Region) || (AcceptsGlobalRegion && region.SequenceEqual(GlobalRegion));
}

/// <summary>What the head of a request proves before its body was read.</summary>
/// <param name="Principal">Who the request says it is from.</param>
/// <param name="PayloadHash">
/// The body's hash that the signature covers, as hexadecimal digits: the signature is right, and so is the request once
/// the body turns out to have this hash. Null: the signature can only be checked with the body.
/// </param>
/// <param name="Chunks">Checks the body's chunks, when the head says that each is signed; otherwise null.</param>
internal readonly record struct VerifiedHead(Principal Principal, string? PayloadHash, ChunkSigner? Chunks = null);

/// <summary>
/// Establishes who made a request from its AWS Signature Version 4, in the header or in the query. The checks come in
/// AWS's order, so that a request with several faults is told of the same one. Nothing of a request is trusted before
/// its signature was found right, and a wrong one costs the same time wherever it differs.
/// </summary>
internal sealed class SignatureVerifier(AccessKeySource keys, SignatureScope expected, TimeProvider time)
    : IRequestAuthenticator
{
    private const int CanonicalBytesOnStack = 2048;

    /// <summary>Names that clients sign, so that looking one up needs no new string.</summary>
    private static readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> KnownNames = FrozenSet.Create(
        StringComparer.Ordinal,
        "accept", "accept-encoding", "amz-sdk-invocation-id", "amz-sdk-request", "content-length", "content-md5",
        "content-type", "date", "host", "user-agent", "x-amz-client-context", "x-amz-content-sha256", "x-amz-date",
        "x-amz-invocation-type", "x-amz-log-type", "x-amz-security-token", "x-amz-target", "x-amz-user-agent")
        .GetAlternateLookup<ReadOnlySpan<char>>();

    private static readonly SearchValues<char> HexadecimalDigits = SearchValues.Create("0123456789abcdefABCDEF");

    public ValueTask<Result<Principal>> AuthenticateAsync(HttpContext http, ReadOnlyMemory<byte> body) =>
        new(Verify(http, body.Span));

    /// <summary>The caller, when the signature is right for this head and this body.</summary>
    public Result<Principal> Verify(HttpContext http, ReadOnlySpan<byte> body)
    {
        if (Judge(http, out var signed, out var key) is { } failure)
        {
            return failure;
        }

        Span<byte> hash = stackalloc byte[SignatureNames.HashBytes];
        Span<char> digits = stackalloc char[SignatureNames.HashCharacters];
        scoped ReadOnlySpan<char> payloadHash = signed.ClaimedPayloadHash;
        if (signed.ClaimedPayloadHash is null)
        {
            SHA256.HashData(body, hash);
            Convert.TryToHexStringLower(hash, digits, out _);
            payloadHash = digits;
        }

        if (CheckSignature(http, signed, key, payloadHash) is { } mismatch)
        {
            return mismatch;
        }

        return signed.ClaimedPayloadHash is null or SignatureNames.UnsignedPayload
            || IsPayload(signed.ClaimedPayloadHash, body)
                ? key.Principal
                : SignatureErrors.PayloadMismatch;
    }

    /// <summary>
    /// Checks all that can be checked before the body: with it an unknown caller is refused before a byte of a large
    /// body was taken. <see cref="Verify"/>, or <see cref="IsPayload"/> when the result has a hash, completes it.
    /// </summary>
    public Result<VerifiedHead> VerifyHead(HttpContext http)
    {
        if (Judge(http, out var signed, out var key) is { } failure)
        {
            return failure;
        }

        return signed.ClaimedPayloadHash is { } claimed && CheckSignature(http, signed, key, claimed) is { } mismatch
            ? mismatch
            : new VerifiedHead(key.Principal, signed.ClaimedPayloadHash, ChunksOf(signed, key));
    }

    private static ChunkSigner? ChunksOf(in SignedRequest signed, AccessKeyEntry key) =>
        signed.ClaimedPayloadHash is SignatureNames.SignedChunks or SignatureNames.SignedChunksWithTrailer
            ? new ChunkSigner(
                key.Keys.Get(signed.Scope.Date, signed.Scope.Region, signed.Scope.Service),
                signed.TimeText.ToString(),
                signed.Signature.ToString())
            : null;

    public Error? CheckHead(HttpContext http) => VerifyHead(http).Error;

    /// <summary>Whether a body has the hash that its request claimed, in hexadecimal digits.</summary>
    public static bool IsPayload(string claimed, ReadOnlySpan<byte> body)
    {
        Span<byte> hash = stackalloc byte[SignatureNames.HashBytes];
        SHA256.HashData(body, hash);
        return IsPayloadHash(claimed, hash);
    }

    /// <summary>The same for a body that was hashed while it came.</summary>
    public static bool IsPayloadHash(string claimed, ReadOnlySpan<byte> hash)
    {
        Span<char> digits = stackalloc char[SignatureNames.HashCharacters];
        return Convert.TryToHexStringLower(hash, digits, out _)
            && claimed.AsSpan().Equals(digits, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>All but the signature itself.</summary>
    private Error? Judge(HttpContext http, out SignedRequest signed, out AccessKeyEntry key)
    {
        key = null!;
        if (SignedRequest.Read(http, out signed) is { } unreadable)
        {
            return unreadable;
        }

        if (CheckTime(signed) is { } untimely)
        {
            return untimely;
        }

        if (!Signs(signed.SignedHeaders, SignatureNames.HostHeader))
        {
            return SignatureErrors.HostNotSigned;
        }

        if (!signed.Algorithm.SequenceEqual(SignatureNames.Algorithm))
        {
            return SignatureErrors.AlgorithmUnsupported(signed.Algorithm);
        }

        if (!CredentialScope.TryParse(signed.Credential, out var scope))
        {
            return SignatureErrors.CredentialMalformed(signed.Credential);
        }

        signed.Scope = scope;
        var regionRight = expected.IsRegion(scope.Region);
        if (!regionRight
            || !scope.Service.SequenceEqual(expected.Service)
            || !scope.Terminator.SequenceEqual(SignatureNames.Terminator)
            || !scope.Date.SequenceEqual(signed.TimeText[..SigningTime.DateLength]))
        {
            return SignatureErrors.ScopeWrong(scope, expected.Region, regionRight, expected.Service, signed.TimeText);
        }

        if (signed.IsPresigned && expected.AcceptsUnsignedPayload)
        {
            signed.ClaimPresignedPayload(http.Request);
        }

        if (signed.ClaimedPayloadHash is { } claimed && !IsAcceptedHash(claimed))
        {
            return SignatureErrors.PayloadKindRefused(claimed);
        }

        return keys.Find(scope.AccessKeyId, signed.SecurityToken).Failed(out key!, out var unknown) ? unknown : null;
    }

    private Error? CheckTime(in SignedRequest signed)
    {
        var now = time.GetUtcNow();
        var lifetime = signed.Lifetime ?? Limits.SignatureClockSkewMax;
        if (now - signed.Time > lifetime)
        {
            return SignatureErrors.Expired(signed.Time, now, lifetime);
        }

        return signed.Time - now > Limits.SignatureClockSkewMax
            ? SignatureErrors.NotYetCurrent(signed.Time, now, Limits.SignatureClockSkewMax)
            : null;
    }

    private bool IsAcceptedHash(string claimed) =>
        (claimed.Length == SignatureNames.HashCharacters && !claimed.AsSpan().ContainsAnyExcept(HexadecimalDigits))
        || (expected.AcceptsUnsignedPayload && claimed == SignatureNames.UnsignedPayload)
        || (expected.AcceptsChunkedPayload && claimed is SignatureNames.SignedChunks
            or SignatureNames.SignedChunksWithTrailer or SignatureNames.UnsignedChunksWithTrailer);

    private static bool Signs(ReadOnlySpan<char> signedHeaders, string name)
    {
        foreach (var part in signedHeaders.Split(';'))
        {
            if (signedHeaders[part].Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }

    private Error? CheckSignature(
        HttpContext http, in SignedRequest signed, AccessKeyEntry key, scoped ReadOnlySpan<char> payloadHash)
    {
        var canonical = new CanonicalRequest(stackalloc byte[CanonicalBytesOnStack]);
        try
        {
            canonical.AppendMethod(http.Request.Method);
            canonical.AppendPath(signed.Path, expected.PathRule);
            canonical.AppendQuery(signed.Query, signed.IsPresigned ? SignatureNames.SignatureParameter : default);
            var headers = http.Request.Headers;
            foreach (var part in signed.SignedHeaders.Split(';'))
            {
                var name = signed.SignedHeaders[part];
                var text = KnownNames.TryGetValue(name, out var known) ? known : name.ToString();
                if (!headers.TryGetValue(text, out var values))
                {
                    return SignatureErrors.HeaderAbsent(text);
                }

                canonical.BeginHeader(text);
                for (var index = 0; index < values.Count; index++)
                {
                    canonical.AppendHeaderValue(values[index]);
                }

                canonical.EndHeader();
            }

            canonical.AppendSignedHeaders(signed.SignedHeaders);
            canonical.AppendPayloadHash(payloadHash);
            Span<byte> hash = stackalloc byte[SignatureNames.HashBytes];
            canonical.Hash(hash);

            // The scope is this request's date, a region that is taken and our service: a ring cannot be flooded.
            var scope = signed.Scope;
            return key.Keys.Get(scope.Date, scope.Region, scope.Service).Verify(signed.TimeText, hash, signed.Signature)
                ? null
                : SignatureErrors.Mismatch;
        }
        finally
        {
            canonical.Dispose();
        }
    }
}
