using System.Globalization;
using System.Text;
using Lambent.Kernel;
using Lambent.Kernel.Objects;
using Lambent.Server.Http;
using Lambent.Server.Objects;
using Microsoft.AspNetCore.Http;

namespace Lambent.Server.Aws.S3;

/// <summary>GetObject and HeadObject.</summary>
internal sealed class ReadOperations(ObjectService objects)
{
    /// <summary>Parameters by which a presigned address chooses headers of the answer.</summary>
    private static readonly (string Parameter, string Header)[] Overrides =
    [
        ("response-cache-control", "Cache-Control"),
        ("response-content-disposition", "Content-Disposition"),
        ("response-content-encoding", "Content-Encoding"),
        ("response-content-language", "Content-Language"),
        ("response-content-type", "Content-Type"),
        ("response-expires", "Expires"),
    ];

    public async Task<Error?> GetAsync(S3Call call)
    {
        if (objects.Open(call.Name).Failed(out var reading, out var missing))
        {
            return missing;
        }

        using var release = reading;
        var (stored, response) = (reading.Object, call.Http.Response);
        if (call.Query("partNumber") is { } part && (part != "1" || stored.Upload is not null))
        {
            return S3Operations.NotImplemented("reading by part (?partNumber)");
        }

        if (Conditions.IsUnchanged(call, stored).Failed(out var isUnchanged, out var refused))
        {
            return refused;
        }

        if (isUnchanged)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            response.Headers.ETag = S3Answers.Quoted(stored.ETag);
            response.Headers.LastModified = S3Answers.HttpTime(stored.ModifiedAt);
            return null;
        }

        if (ByteRange.Read(call.Header("Range"), stored.SizeBytes).Failed(out var range, out var outside))
        {
            response.Headers.ContentRange = $"bytes */{stored.SizeBytes}";
            return outside;
        }

        WriteHeaders(call, stored, range);
        if (HttpMethods.IsHead(call.Http.Request.Method))
        {
            return null;
        }

        if (range is { } wanted)
        {
            reading.Limit(wanted.First, wanted.Count);
        }

        await reading.CopyToAsync(response.Body, call.Cancellation);
        return null;
    }

    public async Task<Error?> GetTaggingAsync(S3Call call) =>
        objects.Find(call.Name).Error ?? await S3Answers.WriteAsync(
            call, 200, S3Xml.Write("Tagging", writer => writer.Text("TagSet", "")));

    private static void WriteHeaders(S3Call call, StoredObject stored, ByteRange? range)
    {
        var (response, said) = (call.Http.Response, stored.Headers);
        var headers = response.Headers;
        response.StatusCode = range is null ? 200 : 206;
        response.ContentLength = range?.Count ?? stored.SizeBytes;
        response.ContentType = "binary/octet-stream";
        Set(headers, "Content-Type", said.ContentType);
        headers.ETag = S3Answers.Quoted(stored.ETag);
        headers.LastModified = S3Answers.HttpTime(stored.ModifiedAt);
        headers.AcceptRanges = "bytes";
        if (range is { } part)
        {
            headers.ContentRange = string.Create(
                CultureInfo.InvariantCulture, $"bytes {part.First}-{part.Last}/{stored.SizeBytes}");
        }

        Set(headers, "Cache-Control", said.CacheControl);
        Set(headers, "Content-Disposition", said.ContentDisposition);
        Set(headers, "Content-Encoding", said.ContentEncoding);
        Set(headers, "Content-Language", said.ContentLanguage);
        Set(headers, "Expires", said.Expires);
        foreach (var (name, value) in said.Metadata)
        {
            Set(headers, "x-amz-meta-" + name, IsPlain(value) ? value : Encoded(value));
        }

        // A checksum is of the whole, and clients would compare it with the part.
        if (range is null && stored.Checksum is { } checksum
            && string.Equals(call.Header("x-amz-checksum-mode"), "ENABLED", StringComparison.OrdinalIgnoreCase))
        {
            headers[Checksum.HeaderPrefix + checksum.Algorithm] = checksum.Value;
            headers["x-amz-checksum-type"] = "FULL_OBJECT";
        }

        foreach (var (parameter, header) in Overrides)
        {
            Set(headers, header, call.Query(parameter));
        }

        // A presigned address opens in a browser, and shows what a tenant stored there.
        PathSandbox.ApplyToContent(response);
    }

    /// <summary>What came in a header goes back in one, unless it could not stand there.</summary>
    private static void Set(IHeaderDictionary headers, string name, string? value)
    {
        if (value is not null && IsPlain(value) && IsPlain(name))
        {
            headers[name] = value;
        }
    }

    private static bool IsPlain(string value) => value.All(character => character is >= ' ' and <= '~');

    /// <summary>As S3 gives back metadata that is not ASCII (RFC 2047).</summary>
    private static string Encoded(string value) =>
        $"=?UTF-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(value))}?=";
}
