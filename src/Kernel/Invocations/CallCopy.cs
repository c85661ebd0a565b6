using System.Buffers;
using Lambent.Kernel.Environments;

namespace Lambent.Kernel.Invocations;

/// <summary>
/// The event and the answer of a call, copied once into one pooled buffer while both are there. Whoever takes it out of
/// the telemetry's queue, or cannot put it in, disposes it.
/// </summary>
public sealed class CallCopy : IDisposable
{
    private readonly int inputLength;
    private readonly int outputLength;
    private byte[]? rented;

    private CallCopy(byte[]? rented, int inputLength, int outputLength) =>
        (this.rented, this.inputLength, this.outputLength) = (rented, inputLength, outputLength);

    public required EnvironmentSpecification Specification { get; init; }

    /// <summary>False: it is there for the error alone, and is not kept.</summary>
    public required bool IsKept { get; init; }

    /// <summary>The event's own size; when it is above the limit, nothing of it is here.</summary>
    public required int InputBytes { get; init; }

    /// <summary>The answer's own size; the same holds.</summary>
    public required int OutputBytes { get; init; }

    /// <summary>The answer went to the caller while the handler wrote it.</summary>
    public required bool IsStreamed { get; init; }

    public string? ClientContext { get; init; }

    /// <summary>The ARN as the caller qualified it.</summary>
    public required string InvokedArn { get; init; }

    public bool HasInput => inputLength == InputBytes;

    public bool HasOutput => outputLength == OutputBytes;

    public ReadOnlyMemory<byte> Input => rented.AsMemory(0, inputLength);

    public ReadOnlyMemory<byte> Output => rented.AsMemory(inputLength, outputLength);

    /// <summary>What it takes in memory, about.</summary>
    public long Bytes => 200 + inputLength + outputLength;

    /// <param name="payloadBytesMax">A payload above it is left out; its size is kept.</param>
    /// <param name="isKept">Otherwise the event is left out.</param>
    public static CallCopy Take(
        EnvironmentSpecification specification,
        Invocation invocation,
        InvocationOutcome outcome,
        int payloadBytesMax,
        bool isKept)
    {
        var input = invocation.Payload.Span;
        var output = outcome.Payload.Span;
        var inputLength = isKept && input.Length <= payloadBytesMax ? input.Length : 0;
        var outputLength = output.Length <= payloadBytesMax ? output.Length : 0;
        byte[]? rented = null;
        if (inputLength + outputLength > 0)
        {
            rented = ArrayPool<byte>.Shared.Rent(inputLength + outputLength);
            input[..inputLength].CopyTo(rented);
            output[..outputLength].CopyTo(rented.AsSpan(inputLength));
        }

        return new CallCopy(rented, inputLength, outputLength)
        {
            Specification = specification,
            IsKept = isKept,
            InputBytes = input.Length,
            OutputBytes = output.Length,
            IsStreamed = output.IsEmpty && outcome.IsSuccess && invocation.ResponseStream is not null,
            ClientContext = invocation.ClientContext,
            InvokedArn = invocation.InvokedArn,
        };
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref rented, null) is { } buffer)
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }
}
