using Lambent.Kernel;
using Lambent.Kernel.Objects;
using Lambent.Server.Objects;

namespace Lambent.Server.Aws.S3;

/// <summary>PutObject, CopyObject, DeleteObject, DeleteObjects.</summary>
internal sealed class WriteOperations(ObjectService objects, XmlBody bodies)
{
    public async Task<Error?> PutAsync(S3Call call)
    {
        if (ReadWish(call).Failed(out var wish, out var unsupported))
        {
            return unsupported;
        }

        if (objects.Check(wish) is { } refused)
        {
            return refused;
        }

        ContentReference? unused = null;
        try
        {
            using var writer = objects.Begin();
            if ((await BodyReceiver.ReceiveAsync(call, writer)).Failed(out var body, out var wrong))
            {
                return wrong;
            }

            unused = body.Written.Content;
            var put = await objects.PutAsync(
                wish with { Checksum = body.Checksum }, body.Written, call.Cancellation);
            if (put.Failed(out var stored, out var failure))
            {
                return failure;
            }

            unused = null;
            var headers = call.Http.Response.Headers;
            headers.ETag = S3Answers.Quoted(stored.ETag);
            WriteChecksum(call, body.Checksum);
            return null;
        }
        finally
        {
            if (unused is not null)
            {
                objects.Discard(unused);
            }
        }
    }

    public static void WriteChecksum(S3Call call, ObjectChecksum? checksum)
    {
        if (checksum is not null)
        {
            call.Http.Response.Headers[Checksum.HeaderPrefix + checksum.Algorithm] = checksum.Value;
            call.Http.Response.Headers["x-amz-checksum-type"] = "FULL_OBJECT";
        }
    }

    public async Task<Error?> CopyAsync(S3Call call)
    {
        if (ReadWish(call).Failed(out var wish, out var unsupported))
        {
            return unsupported;
        }

        if (ReadSource(call).Failed(out var source, out var unreadable))
        {
            return unreadable;
        }

        if (objects.Check(wish) is { } refused)
        {
            return refused;
        }

        var replaces = string.Equals(
            call.Header("x-amz-metadata-directive"), "REPLACE", StringComparison.OrdinalIgnoreCase);
        if (!replaces && source == wish.Name)
        {
            return ObjectErrors.Argument(
                "This copy request is illegal because it is trying to copy an object to itself without changing the "
                + "object's metadata, storage class, website redirect location or encryption attributes.",
                null,
                ObjectErrors.RequestInvalid);
        }

        var copied = await objects.CopyAsync(
            source,
            stored => stored.SizeBytes > Limits.ObjectPutBytesMax
                ? ObjectErrors.Argument(
                    "The specified copy source is larger than the maximum allowable size for a copy source: "
                    + $"{Limits.ObjectPutBytesMax}",
                    null,
                    ObjectErrors.RequestInvalid)
                : Conditions.CheckSource(call, stored),
            wish,
            replaces ? wish.Headers : null,
            call.Cancellation);
        return copied.Failed(out var copy, out var failure)
            ? failure
            : await S3Answers.WriteAsync(call, 200, S3Xml.Write("CopyObjectResult", writer => writer
                .Time("LastModified", copy.ModifiedAt).Text("ETag", S3Answers.Quoted(copy.ETag))));
    }

    /// <summary>The object that x-amz-copy-source names: BUCKET/KEY, escaped, with or without a slash before.</summary>
    public static Result<ObjectName> ReadSource(S3Call call)
    {
        var text = call.Header("x-amz-copy-source") ?? "";
        var question = text.LastIndexOf("?versionId=", StringComparison.Ordinal);
        if (question >= 0 && text[question..] != "?versionId=null")
        {
            return S3Operations.NotImplemented("versions (?versionId)");
        }

        var path = S3Target.Unescape(question < 0 ? text : text[..question])?.TrimStart('/') ?? "";
        var slash = path.IndexOf('/');
        return slash <= 0 || slash == path.Length - 1
            ? ObjectErrors.Argument(
                "Copy Source must mention the source bucket and key: sourcebucket/sourcekey", "x-amz-copy-source")
            : new ObjectName(call.Account, path[..slash], path[(slash + 1)..]);
    }

    public async Task<Error?> DeleteAsync(S3Call call)
    {
        call.Http.Response.StatusCode = 204;
        if (call.Header("If-Match") is not null)
        {
            return S3Operations.NotImplemented("If-Match of a delete");
        }

        return (await objects.DeleteAsync(call.Account, call.Bucket, [call.Name.Key], call.Cancellation)).Error;
    }

    public async Task<Error?> DeleteManyAsync(S3Call call)
    {
        var read = await bodies.ReadAsync(call, "Delete", "Object");
        if (read.Failed(out var items, out var unreadable))
        {
            return unreadable;
        }

        var isQuiet = items.Exists(item => item["."] == "Quiet" && item.GetValueOrDefault("") == "true");
        items.RemoveAll(item => item["."] != "Object");
        if (items.Count is 0 or > Limits.ObjectDeletesMax
            || items.Exists(item => item.GetValueOrDefault("Key", "").Length == 0))
        {
            return S3Xml.Malformed;
        }

        var versioned = items.Find(item => item.GetValueOrDefault("VersionId", "null") != "null");
        if (versioned is not null)
        {
            return S3Operations.NotImplemented("versions (VersionId)");
        }

        List<string> keys = [.. items.Select(item => item["Key"])];
        var deleted = await objects.DeleteAsync(call.Account, call.Bucket, keys, call.Cancellation);
        return deleted.Error ?? await S3Answers.WriteAsync(call, 200, S3Xml.Write("DeleteResult", writer =>
        {
            foreach (var key in isQuiet ? [] : keys)
            {
                writer.WriteStartElement("Deleted");
                writer.Text("Key", key);
                writer.WriteEndElement();
            }
        }));
    }

    /// <summary>What a put, a copy or an upload is to make.</summary>
    public static Result<PutWish> ReadWish(S3Call call)
    {
        if (S3Answers.ReadHeaders(call).Failed(out var headers, out var unsupported))
        {
            return unsupported;
        }

        var ifNone = call.Header("If-None-Match");
        return ifNone is not null and not "*"
            ? S3Operations.NotImplemented("If-None-Match of a write with anything but *")
            : new PutWish
            {
                Name = call.Name,
                Headers = headers,
                OnlyNew = ifNone is not null,
                OnlyOver = call.Header("If-Match") is { } match ? S3Answers.Unquoted(match) : null,
            };
    }
}
