using System.Buffers;
using Lambent.Kernel;
using Lambent.Kernel.Invocations;

namespace Lambent.Server.Http;

/// <summary>
/// A streamed result for a caller that wants it whole: collected up to the limit of a response. The metadata, if the
/// handler set any, comes first and is ended by eight zero bytes, as AWS gives it.
/// </summary>
internal sealed class CollectedResponse : IResponseStream, IDisposable
{
    private static readonly byte[] PreludeEnd = new byte[8];

    private PooledBuffer? collected;

    /// <summary>Whether the handler wrote more than a response may have; the rest was dropped.</summary>
    public bool IsTooLarge { get; private set; }

    /// <summary>Empty when the handler did not stream.</summary>
    public ReadOnlyMemory<byte> Bytes => collected?.Written ?? default;

    public ValueTask StartAsync(ReadOnlyMemory<byte> prelude)
    {
        if (!prelude.IsEmpty)
        {
            collected ??= new PooledBuffer();
            collected.Write(prelude.Span);
            collected.Write(PreludeEnd);
        }

        return ValueTask.CompletedTask;
    }

    public ValueTask WriteAsync(ReadOnlyMemory<byte> chunk)
    {
        collected ??= new PooledBuffer();
        IsTooLarge |= collected.Length + chunk.Length > Limits.ResponsePayloadBytesMax;
        if (!IsTooLarge)
        {
            collected.Write(chunk.Span);
        }

        return ValueTask.CompletedTask;
    }

    public void Dispose() => collected?.Dispose();
}
