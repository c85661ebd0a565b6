namespace Lambent.Kernel.Queues;

/// <summary>What a sender attached to a message: a text (or number) or bytes, never both.</summary>
/// <param name="DataType">String, Number or Binary, with an optional suffix of the sender's own.</param>
/// <param name="Text">The value unless the type is Binary.</param>
/// <param name="Bytes">The value of a Binary.</param>
public sealed record MessageAttribute(string DataType, string? Text, byte[]? Bytes)
{
    public bool IsBinary => DataType.StartsWith("Binary", StringComparison.Ordinal);
}
