using System.Collections.Immutable;
using System.Globalization;
using System.Xml;
using Lambent.Kernel;
using Lambent.Kernel.Access;
using Lambent.Kernel.Objects;

namespace Lambent.Server.Aws.S3;

/// <summary>What answers and requests of several operations have in common.</summary>
internal static class S3Answers
{
    private const string MetadataPrefix = "x-amz-meta-";

    /// <summary>Headers that ask for what is none here; refused by name rather than left out in silence.</summary>
    private static readonly string[] UnsupportedHeaders =
    [
        "x-amz-grant-full-control", "x-amz-grant-read", "x-amz-grant-read-acp", "x-amz-grant-write",
        "x-amz-grant-write-acp", "x-amz-object-lock-legal-hold", "x-amz-object-lock-mode",
        "x-amz-object-lock-retain-until-date", "x-amz-server-side-encryption",
        "x-amz-server-side-encryption-customer-algorithm", "x-amz-tagging", "x-amz-website-redirect-location",
        "x-amz-write-offset-bytes",
    ];

    public static async Task<Error?> WriteAsync(S3Call call, int status, byte[] xml)
    {
        call.Http.Response.StatusCode = status;
        call.Http.Response.ContentType = "application/xml";
        call.Http.Response.ContentLength = xml.Length;
        await call.Http.Response.Body.WriteAsync(xml, call.Cancellation);
        return null;
    }

    public static string Quoted(string etag) => $"\"{etag}\"";

    public static string Unquoted(string etag) => etag.Trim().Trim('"');

    public static string HttpTime(DateTimeOffset time) =>
        time.UtcDateTime.ToString("r", CultureInfo.InvariantCulture);

    public static void WriteOwner(XmlWriter writer, string name, AccountId account)
    {
        writer.WriteStartElement(name);

        // S3's owners are 64 digits; ours are as good as the account's twelve.
        writer.Text("ID", account.Value.PadLeft(64, '0'));
        writer.WriteEndElement();
    }

    /// <summary>What the client says about the bytes; fails for what is not supported.</summary>
    public static Result<ObjectHeaders> ReadHeaders(S3Call call)
    {
        if (UnsupportedHeaders.FirstOrDefault(name => call.Header(name) is not null) is { } unsupported)
        {
            return S3Operations.NotImplemented(unsupported);
        }

        if (call.Header("x-amz-acl") is { } acl and not ("private" or "bucket-owner-full-control"))
        {
            return ObjectErrors.Argument(
                $"The bucket does not allow ACLs: {acl}", "x-amz-acl", "AccessControlListNotSupported");
        }

        if (call.Header("x-amz-storage-class") is { } storage and not "STANDARD")
        {
            return ObjectErrors.Argument(
                "The storage class you specified is not valid", storage, "InvalidStorageClass");
        }

        var headers = call.Http.Request.Headers;
        return new ObjectHeaders
        {
            ContentType = call.Header("Content-Type"),
            CacheControl = call.Header("Cache-Control"),
            ContentDisposition = call.Header("Content-Disposition"),
            ContentEncoding = EncodingOf(call.Header("Content-Encoding")),
            ContentLanguage = call.Header("Content-Language"),
            Expires = call.Header("Expires"),
            Metadata = headers
                .Where(header => header.Key.StartsWith(MetadataPrefix, StringComparison.OrdinalIgnoreCase))
                .ToImmutableSortedDictionary(
                    header => header.Key[MetadataPrefix.Length..].ToLowerInvariant(),
                    header => header.Value.ToString(),
                    StringComparer.Ordinal),
        };
    }

    /// <summary>aws-chunked is how the body came, not what it is.</summary>
    private static string? EncodingOf(string? encoding)
    {
        var left = (encoding ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Where(part => part != "aws-chunked");
        return string.Join(',', left) is { Length: > 0 } text ? text : null;
    }
}
