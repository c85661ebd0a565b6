using System.Text;
using System.Xml;
using Lambent.Kernel;
using Lambent.Kernel.Objects;
using Lambent.Server.Objects;

namespace Lambent.Server.Aws.S3;

/// <summary>ListObjects in its two versions.</summary>
internal sealed class ListOperations(ObjectService objects)
{
    public async Task<Error?> ListFirstAsync(S3Call call)
    {
        var marker = call.Query("marker") ?? "";
        if (Read(call, marker).Failed(out var listed, out var failure))
        {
            return failure;
        }

        var (wish, page, spell) = listed;
        return await S3Answers.WriteAsync(call, 200, S3Xml.Write("ListBucketResult", writer =>
        {
            writer.Text("Name", call.Bucket).Text("Prefix", spell(wish.Prefix)).Text("Marker", spell(marker));
            if (page.Next is { } next && wish.Delimiter.Length > 0)
            {
                writer.Text("NextMarker", spell(next));
            }

            WriteCommon(writer, call, wish, page, spell);
            WriteObjects(writer, call, page, spell, withOwner: true);
        }));
    }

    public async Task<Error?> ListSecondAsync(S3Call call)
    {
        var after = call.Query("start-after") ?? "";
        var token = call.Query("continuation-token");
        if (token is not null)
        {
            var bytes = new byte[token.Length];
            if (token.Length == 0 || !Convert.TryFromBase64String(token, bytes, out var length))
            {
                return ObjectErrors.Argument("The continuation token provided is incorrect", "continuation-token");
            }

            after = Encoding.UTF8.GetString(bytes, 0, length);
        }

        if (Read(call, after).Failed(out var listed, out var failure))
        {
            return failure;
        }

        var (wish, page, spell) = listed;
        return await S3Answers.WriteAsync(call, 200, S3Xml.Write("ListBucketResult", writer =>
        {
            writer.Text("Name", call.Bucket).Text("Prefix", spell(wish.Prefix));
            if (call.Query("start-after") is { Length: > 0 } start)
            {
                writer.Text("StartAfter", spell(start));
            }

            writer.Text("ContinuationToken", token);
            if (page.Next is { } next)
            {
                writer.Text("NextContinuationToken", Convert.ToBase64String(Encoding.UTF8.GetBytes(next)));
            }

            writer.Number("KeyCount", page.Objects.Count + page.Prefixes.Count);
            WriteCommon(writer, call, wish, page, spell);
            WriteObjects(writer, call, page, spell, call.Query("fetch-owner") == "true");
        }));
    }

    private Result<(ListWish Wish, ObjectPage Page, Func<string, string> Spell)> Read(S3Call call, string after)
    {
        if (call.Number("max-keys", Limits.ObjectPageMax, Limits.ObjectPageMax).Failed(out var limit, out var wrong))
        {
            return wrong;
        }

        if (SpellingOf(call).Failed(out var spell, out var unknown))
        {
            return unknown;
        }

        var wish = new ListWish(call.Query("prefix") ?? "", call.Query("delimiter") ?? "", after, limit);
        return objects.List(call.Account, call.Bucket, wish).Select(page => (wish, page, spell));
    }

    /// <summary>How keys are written: as they are, or escaped where XML could not say them.</summary>
    public static Result<Func<string, string>> SpellingOf(S3Call call) => call.Query("encoding-type") switch
    {
        null or "" => (Func<string, string>)(text => text),
        "url" => (Func<string, string>)(text => Uri.EscapeDataString(text).Replace("%2F", "/")),
        _ => ObjectErrors.Argument("Invalid Encoding Method specified in Request", "encoding-type"),
    };

    private static void WriteCommon(
        XmlWriter writer, S3Call call, ListWish wish, ObjectPage page, Func<string, string> spell)
    {
        writer.Number("MaxKeys", wish.Limit);
        if (wish.Delimiter.Length > 0)
        {
            writer.Text("Delimiter", spell(wish.Delimiter));
        }

        writer.Text("EncodingType", call.Query("encoding-type") is "url" ? "url" : null)
            .Flag("IsTruncated", page.Next is not null);
    }

    private static void WriteObjects(
        XmlWriter writer, S3Call call, ObjectPage page, Func<string, string> spell, bool withOwner)
    {
        foreach (var stored in page.Objects)
        {
            writer.WriteStartElement("Contents");
            writer.Text("Key", spell(stored.Name.Key))
                .Time("LastModified", stored.ModifiedAt)
                .Text("ETag", S3Answers.Quoted(stored.ETag))
                .Number("Size", stored.SizeBytes);
            if (withOwner)
            {
                S3Answers.WriteOwner(writer, "Owner", call.Account);
            }

            writer.Text("StorageClass", "STANDARD");
            writer.WriteEndElement();
        }

        foreach (var prefix in page.Prefixes)
        {
            writer.WriteStartElement("CommonPrefixes");
            writer.Text("Prefix", spell(prefix));
            writer.WriteEndElement();
        }
    }
}
