using System.Globalization;
using System.Text;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Objects;
using Lambent.Server.Access;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Lambent.Server.Aws.S3;

/// <summary>Where a request goes: to the account's buckets, to a bucket, or to an object.</summary>
/// <param name="Bucket">Empty for the account.</param>
/// <param name="Key">Empty for the bucket itself.</param>
internal sealed record S3Target(string Bucket, string Key)
{
    private const string LocalSuffix = ".localhost";

    private static readonly UTF8Encoding Strict = new(false, throwOnInvalidBytes: true);

    /// <summary>
    /// Reads the path as it was sent: the web server's own has no dot segments any more, and a key may have them. A
    /// host BUCKET.localhost names the bucket, as SDKs have it that were not told to put it in the path.
    /// </summary>
    public static Result<S3Target> Read(HttpContext http)
    {
        var target = http.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!target.StartsWith('/'))
        {
            var authority = target.IndexOf("://", StringComparison.Ordinal);
            var start = authority < 0 ? -1 : target.IndexOf('/', authority + 3);
            target = start < 0 ? "/" : target[start..];
        }

        var question = target.IndexOf('?');
        var path = (question < 0 ? target : target[..question])[1..];
        if (Unescape(path) is not { } text || text.Contains('\0'))
        {
            return ObjectErrors.Argument("Couldn't parse the specified URI.", "path", "InvalidURI");
        }

        var host = http.Request.Host.Host;
        if (host.EndsWith(LocalSuffix, StringComparison.OrdinalIgnoreCase))
        {
            return new S3Target(host[..^LocalSuffix.Length].ToLowerInvariant(), text);
        }

        var slash = text.IndexOf('/');
        return slash < 0 ? new S3Target(text, "") : new S3Target(text[..slash], text[(slash + 1)..]);
    }

    /// <summary>Text with escapes; null when it is not UTF-8. A plus is a plus.</summary>
    public static string? Unescape(string text)
    {
        var bytes = new byte[Encoding.UTF8.GetMaxByteCount(text.Length)];
        var length = 0;
        for (var index = 0; index < text.Length; index++)
        {
            if (text[index] != '%')
            {
                length += Encoding.UTF8.GetBytes(text.AsSpan(index, 1), bytes.AsSpan(length));
            }
            else if (index + 2 < text.Length && byte.TryParse(
                text.AsSpan(index + 1, 2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var value))
            {
                bytes[length++] = value;
                index += 2;
            }
            else
            {
                return null;
            }
        }

        try
        {
            return Strict.GetString(bytes, 0, length);
        }
        catch (DecoderFallbackException)
        {
            return null;
        }
    }
}

/// <summary>One request, verified and allowed.</summary>
internal sealed record S3Call(HttpContext Http, VerifiedHead Head, S3Target Target, string RequestId)
{
    public AccountId Account => Head.Principal.Account;

    public string Bucket => Target.Bucket;

    public ObjectName Name => new(Account, Target.Bucket, Target.Key);

    public CancellationToken Cancellation => Http.RequestAborted;

    /// <summary>A parameter of the query, or null.</summary>
    public string? Query(string name) =>
        Http.Request.Query.TryGetValue(name, out var values) ? values.ToString() : null;

    /// <summary>A header, or null.</summary>
    public string? Header(string name) =>
        Http.Request.Headers.TryGetValue(name, out var values) ? values.ToString() : null;

    /// <summary>A whole number of the query; fails with InvalidArgument.</summary>
    public Result<int> Number(string name, int otherwise, int most)
    {
        if (Query(name) is not { Length: > 0 } text)
        {
            return otherwise;
        }

        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? Math.Min(number, most)
            : ObjectErrors.Argument($"Provided {name} not an integer or within integer range", name);
    }
}
