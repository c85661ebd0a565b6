using System.Security.Cryptography;
using Lambent.Kernel;
using Lambent.Kernel.Objects;
using Lambent.Server.Aws.Protocols;

namespace Lambent.Server.Aws.S3;

/// <summary>Reads bodies that are a list in XML, which are small: into memory, of which all of them together take only
/// so much.</summary>
internal sealed class XmlBody
{
    private const int BytesMax = 4 * Limits.MiB;
    private const int BodiesBytesMax = 64 * Limits.MiB;

    private readonly RequestBodyBudget budget = new(BodiesBytesMax);

    /// <summary>The items of a list, each as its children's texts.</summary>
    public async Task<Result<List<Dictionary<string, string>>>> ReadAsync(S3Call call, string root, string item)
    {
        if (!budget.TryTake(BytesMax))
        {
            return budget.Exceeded();
        }

        try
        {
            using var body = new MemoryContent();
            return (await BodyReceiver.ReceiveAsync(call, body)).Failed(out _, out var failure)
                ? failure
                : S3Xml.ReadList(body.Bytes, root, item);
        }
        finally
        {
            budget.Return(BytesMax);
        }
    }

    private sealed class MemoryContent : IContentWriter
    {
        private readonly MemoryStream stream = new();

        public long SizeBytes => stream.Length;

        public ReadOnlyMemory<byte> Bytes => stream.GetBuffer().AsMemory(0, (int)stream.Length);

        public Result<Done> Write(ReadOnlySpan<byte> bytes)
        {
            if (stream.Length + bytes.Length > BytesMax)
            {
                return ObjectErrors.TooLarge;
            }

            stream.Write(bytes);
            return Done.Value;
        }

        public Result<WrittenContent> Complete() => new WrittenContent(
            new ContentReference(Convert.ToHexStringLower(SHA256.HashData(Bytes.Span)), SizeBytes),
            ContentDigest.Md5(Bytes.Span));

        public void Dispose() => stream.Dispose();
    }
}
