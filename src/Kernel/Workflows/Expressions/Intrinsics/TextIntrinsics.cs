using System.Security.Cryptography;
using System.Text;
using Lambent.Kernel.Values;

namespace Lambent.Kernel.Workflows.Expressions.Intrinsics;

/// <summary>The intrinsic functions for texts.</summary>
internal static class TextIntrinsics
{
    /// <summary><c>States.Format</c> with a template that is computed.</summary>
    public static IntrinsicResult Format(IReadOnlyList<DataValue> given)
    {
        if (given[0] is not DataText template)
        {
            return IntrinsicResult.Failed("the template is not a string");
        }

        var (pieces, problem) = FormatTemplate.Read(template.Value);
        if (pieces is null)
        {
            return IntrinsicResult.Failed(problem!);
        }

        return pieces.Count == given.Count
            ? FormatCall.Fill(pieces, [.. given.Skip(1)])
            : IntrinsicResult.Failed($"the template has {pieces.Count - 1} places for {given.Count - 1} arguments");
    }

    public static IntrinsicResult StringToJson(DataValue value)
    {
        if (value is not DataText text)
        {
            return IntrinsicResult.Failed("the argument is not a string");
        }

        var reading = DataReader.Read(text.Value);
        return reading.Value is { } read
            ? read
            : IntrinsicResult.Failed($"the argument is not JSON: {reading.Problem}");
    }

    public static IntrinsicResult JsonToString(DataValue value) =>
        PayloadSize.Exceeds(value, Limits.WorkflowPayloadBytesMax)
            ? IntrinsicResult.Failed($"the text is longer than {Limits.WorkflowPayloadBytesMax} bytes")
            : new DataText(value.ToString());

    /// <summary>The parts between any of the characters of <paramref name="separators"/>, without empty ones.</summary>
    public static IntrinsicResult StringSplit(DataValue value, DataValue separators) =>
        (value, separators) switch
        {
            (DataText text, DataText { Value.Length: 0 }) => new DataArray([text]),
            (DataText text, DataText characters) => new DataArray([.. text.Value
                .Split(characters.Value.ToCharArray(), StringSplitOptions.RemoveEmptyEntries)
                .Select(part => (DataValue)part)]),
            _ => IntrinsicResult.Failed("the arguments are not both strings"),
        };

    public static IntrinsicResult Base64Encode(DataValue value) => Bounded(value) is { } text
        ? new DataText(Convert.ToBase64String(Encoding.UTF8.GetBytes(text)))
        : TooLong;

    public static IntrinsicResult Base64Decode(DataValue value)
    {
        if (Bounded(value) is not { } text)
        {
            return TooLong;
        }

        var bytes = new byte[text.Length];
        return Convert.TryFromBase64String(text, bytes, out var count)
            ? new DataText(Encoding.UTF8.GetString(bytes, 0, count))
            : IntrinsicResult.Failed("the argument is not Base64");
    }

    /// <summary>The digest of a text, or of the JSON of any other value, in lower hexadecimal digits.</summary>
    public static IntrinsicResult Hash(DataValue value, DataValue algorithm)
    {
        if (value is not DataText && PayloadSize.Exceeds(value, Limits.IntrinsicTextLengthMax))
        {
            return TooLong;
        }

        if (Bounded(value as DataText ?? new DataText(value.ToString())) is not { } text)
        {
            return TooLong;
        }

        var bytes = Encoding.UTF8.GetBytes(text);
#pragma warning disable CA5350, CA5351 // The language offers them; nothing here relies on them being hard to forge.
        var digest = (algorithm as DataText)?.Value switch
        {
            "MD5" => MD5.HashData(bytes),
            "SHA-1" => SHA1.HashData(bytes),
            "SHA-256" => SHA256.HashData(bytes),
            "SHA-384" => SHA384.HashData(bytes),
            "SHA-512" => SHA512.HashData(bytes),
            _ => null,
        };
#pragma warning restore CA5350, CA5351
        return digest is null
            ? IntrinsicResult.Failed("the algorithm is not one of MD5, SHA-1, SHA-256, SHA-384, SHA-512")
            : new DataText(Convert.ToHexStringLower(digest));
    }

    private static IntrinsicResult TooLong { get; } =
        IntrinsicResult.Failed($"the argument is not a string of at most {Limits.IntrinsicTextLengthMax} characters");

    private static string? Bounded(DataValue value) =>
        value is DataText text && text.Value.Length <= Limits.IntrinsicTextLengthMax ? text.Value : null;
}
