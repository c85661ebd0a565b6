using System.Globalization;
using System.Xml;
using Lambent.Kernel;
using Lambent.Kernel.Objects;
using Lambent.Server.Objects;

namespace Lambent.Server.Aws.S3;

/// <summary>Multipart uploads.</summary>
internal sealed class UploadOperations(ObjectService objects, XmlBody bodies)
{
    public async Task<Error?> BeginAsync(S3Call call)
    {
        if (WriteOperations.ReadWish(call).Failed(out var wish, out var unsupported))
        {
            return unsupported;
        }

        var algorithm = call.Header("x-amz-checksum-algorithm");
        var begun = await objects.BeginUploadAsync(wish, algorithm, call.Cancellation);
        if (begun.Failed(out var upload, out var refused))
        {
            return refused;
        }

        if (algorithm is not null)
        {
            call.Http.Response.Headers["x-amz-checksum-algorithm"] = algorithm;
        }

        return await S3Answers.WriteAsync(call, 200, S3Xml.Write("InitiateMultipartUploadResult", writer => writer
            .Text("Bucket", call.Bucket).Text("Key", call.Name.Key).Text("UploadId", upload.Id)));
    }

    public async Task<Error?> PutPartAsync(S3Call call)
    {
        if (ReadPart(call).Failed(out var part, out var wrong))
        {
            return wrong;
        }

        ContentReference? unused = null;
        try
        {
            using var writer = objects.Begin();
            if ((await BodyReceiver.ReceiveAsync(call, writer)).Failed(out var body, out var refused))
            {
                return refused;
            }

            unused = body.Written.Content;
            var put = await objects.PutPartAsync(
                call.Name, part.Upload, part.Number, body.Written, body.Checksum, call.Cancellation);
            if (put.Failed(out var stored, out var failure))
            {
                return failure;
            }

            unused = null;
            call.Http.Response.Headers.ETag = S3Answers.Quoted(stored.ETag);
            WriteOperations.WriteChecksum(call, body.Checksum);
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

    public async Task<Error?> CopyPartAsync(S3Call call)
    {
        if (ReadPart(call).Failed(out var part, out var wrong))
        {
            return wrong;
        }

        if (WriteOperations.ReadSource(call).Failed(out var source, out var unreadable))
        {
            return unreadable;
        }

        if (objects.Open(source).Failed(out var reading, out var missing))
        {
            return missing;
        }

        using var release = reading;
        var range = ByteRange.Read(call.Header("x-amz-copy-source-range"), reading.Object.SizeBytes);
        if (range.Failed(out var wanted, out var outside))
        {
            return outside;
        }

        if (Conditions.CheckSource(call, reading.Object) is { } unmet)
        {
            return unmet;
        }

        var count = wanted?.Count ?? reading.Object.SizeBytes;
        if (count > Limits.ObjectPutBytesMax)
        {
            return ObjectErrors.TooLarge;
        }

        reading.Limit(wanted?.First ?? 0, count);
        using var writer = objects.Begin();
        if (reading.CopyTo(writer).Failed(out var written, out var uncopied))
        {
            return uncopied;
        }

        var put = await objects.PutPartAsync(
            call.Name, part.Upload, part.Number, written, checksum: null, call.Cancellation);
        return put.Failed(out var stored, out var failure)
            ? failure
            : await S3Answers.WriteAsync(call, 200, S3Xml.Write("CopyPartResult", xml => xml
                .Time("LastModified", stored.ModifiedAt).Text("ETag", S3Answers.Quoted(stored.ETag))));
    }

    public async Task<Error?> CompleteAsync(S3Call call)
    {
        if (WriteOperations.ReadWish(call).Failed(out var wish, out var unsupported))
        {
            return unsupported;
        }

        var read = await bodies.ReadAsync(call, "CompleteMultipartUpload", "Part");
        if (read.Failed(out var items, out var unreadable))
        {
            return unreadable;
        }

        List<NamedPart> named = [];
        foreach (var item in items)
        {
            if (!int.TryParse(
                item.GetValueOrDefault("PartNumber"), NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            {
                return S3Xml.Malformed;
            }

            named.Add(new NamedPart(number, S3Answers.Unquoted(item.GetValueOrDefault("ETag", ""))));
        }

        if (named.Count is 0 or > Limits.UploadPartsMax)
        {
            return S3Xml.Malformed;
        }

        var completed = await objects.CompleteUploadAsync(wish, UploadOf(call), named, call.Cancellation);
        return completed.Failed(out var stored, out var failure)
            ? failure
            : await S3Answers.WriteAsync(call, 200, S3Xml.Write("CompleteMultipartUploadResult", writer => writer
                .Text("Location", $"{call.Http.Request.Scheme}://{call.Http.Request.Host}{call.Http.Request.Path}")
                .Text("Bucket", call.Bucket)
                .Text("Key", call.Name.Key)
                .Text("ETag", S3Answers.Quoted(stored.ETag))));
    }

    public async Task<Error?> AbortAsync(S3Call call)
    {
        call.Http.Response.StatusCode = 204;
        return (await objects.AbortUploadAsync(call.Name, UploadOf(call), call.Cancellation)).Error;
    }

    public async Task<Error?> ListPartsAsync(S3Call call)
    {
        var limit = call.Number("max-parts", Limits.ObjectPageMax, Limits.ObjectPageMax);
        var after = call.Number("part-number-marker", 0, Limits.UploadPartsMax);
        if ((limit.Error ?? after.Error) is { } wrong)
        {
            return wrong;
        }

        if (objects.ListParts(call.Name, UploadOf(call), after.Value, limit.Value + 1)
            .Failed(out var found, out var missing))
        {
            return missing;
        }

        var parts = found.Parts.Take(limit.Value).ToList();
        return await S3Answers.WriteAsync(call, 200, S3Xml.Write("ListPartsResult", writer =>
        {
            writer.Text("Bucket", call.Bucket).Text("Key", call.Name.Key).Text("UploadId", found.Upload.Id);
            S3Answers.WriteOwner(writer, "Initiator", call.Account);
            S3Answers.WriteOwner(writer, "Owner", call.Account);
            writer.Text("StorageClass", "STANDARD")
                .Number("PartNumberMarker", after.Value)
                .Number("NextPartNumberMarker", parts.Count > 0 ? parts[^1].Number : 0)
                .Number("MaxParts", limit.Value)
                .Flag("IsTruncated", found.Parts.Count > parts.Count);
            foreach (var part in parts)
            {
                writer.WriteStartElement("Part");
                writer.Number("PartNumber", part.Number)
                    .Time("LastModified", part.ModifiedAt)
                    .Text("ETag", S3Answers.Quoted(part.ETag))
                    .Number("Size", part.Content.SizeBytes);
                writer.WriteEndElement();
            }
        }));
    }

    public async Task<Error?> ListUploadsAsync(S3Call call)
    {
        if (call.Number("max-uploads", Limits.ObjectPageMax, Limits.ObjectPageMax).Failed(out var limit, out var wrong))
        {
            return wrong;
        }

        if (ListOperations.SpellingOf(call).Failed(out var spell, out var unknown))
        {
            return unknown;
        }

        var (prefix, afterKey) = (call.Query("prefix") ?? "", call.Query("key-marker") ?? "");

        // Without an id, the marker is behind all uploads of its key.
        var afterId = call.Query("upload-id-marker") is { Length: > 0 } id ? id : "\uffff";
        var listed = objects.ListUploads(call.Account, call.Bucket, prefix, afterKey, afterId, limit + 1);
        if (listed.Failed(out var uploads, out var missing))
        {
            return missing;
        }

        return await S3Answers.WriteAsync(call, 200, S3Xml.Write("ListMultipartUploadsResult", writer =>
            WriteUploads(writer, call, [.. uploads.Take(limit)], uploads.Count > limit, limit, spell)));
    }

    private static void WriteUploads(
        XmlWriter writer, S3Call call, List<Upload> uploads, bool isTruncated, int limit, Func<string, string> spell)
    {
        writer.Text("Bucket", call.Bucket)
            .Text("KeyMarker", spell(call.Query("key-marker") ?? ""))
            .Text("UploadIdMarker", call.Query("upload-id-marker") ?? "");
        if (isTruncated && uploads.Count > 0)
        {
            writer.Text("NextKeyMarker", spell(uploads[^1].Name.Key)).Text("NextUploadIdMarker", uploads[^1].Id);
        }

        writer.Text("Prefix", spell(call.Query("prefix") ?? ""))
            .Number("MaxUploads", limit)
            .Flag("IsTruncated", isTruncated);
        foreach (var upload in uploads)
        {
            writer.WriteStartElement("Upload");
            writer.Text("Key", spell(upload.Name.Key)).Text("UploadId", upload.Id);
            S3Answers.WriteOwner(writer, "Initiator", call.Account);
            S3Answers.WriteOwner(writer, "Owner", call.Account);
            writer.Text("StorageClass", "STANDARD").Time("Initiated", upload.BegunAt);
            writer.WriteEndElement();
        }
    }

    private Result<(string Upload, int Number)> ReadPart(S3Call call)
    {
        var text = call.Query("partNumber");
        if (!int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            || number is < 1 or > Limits.UploadPartsMax)
        {
            return ObjectErrors.Argument(
                $"Part number must be an integer between 1 and {Limits.UploadPartsMax}, inclusive", "partNumber");
        }

        return objects.FindUpload(call.Name, UploadOf(call)).Select(upload => (upload.Id, number));
    }

    private static string UploadOf(S3Call call) => call.Query("uploadId") ?? "";
}
