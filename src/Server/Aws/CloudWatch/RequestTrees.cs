using System.Formats.Cbor;
using System.Globalization;
using Lambent.Kernel;
using Lambent.Kernel.Values;
using Microsoft.AspNetCore.WebUtilities;

namespace Lambent.Server.Aws.CloudWatch;

/// <summary>Bodies of the three protocols as one tree. In that of a form all values are text.</summary>
internal static class RequestTrees
{
    private const int DepthMax = 12;
    private const int ItemsMax = 100_000;
    private const int ParametersMax = 20_000;

    public static Result<DataObject> ReadJson(ReadOnlySpan<byte> body)
    {
        var parsed = body.IsEmpty ? new DataReading(DataObject.Empty, null) : DataReader.Read(body);
        return parsed.Value is DataObject members
            ? members
            : Unreadable(parsed.Problem is { } problem
                ? $"The body is not JSON: {problem}." : "The body is not a JSON object.");
    }

    public static Result<DataObject> ReadCbor(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
        {
            return DataObject.Empty;
        }

        try
        {
            var reader = new CborReader(body, CborConformanceMode.Lax);
            var left = ItemsMax;
            return Read(reader, 0, ref left) is DataObject members && reader.BytesRemaining == 0
                ? members
                : Unreadable("The body is not a CBOR map.");
        }
        catch (Exception malformed) when (malformed is CborContentException or InvalidOperationException
            or OverflowException or FormatException)
        {
            return Unreadable("The body is not CBOR that this API takes.");
        }
    }

    public static Result<DataObject> ReadForm(string text)
    {
        var root = new Node();
        try
        {
            using var reader = new FormReader(text)
            {
                ValueCountLimit = ParametersMax,
                KeyLengthLimit = Limits.KiB,
                ValueLengthLimit = Limits.MiB,
            };
            foreach (var (key, values) in reader.ReadForm())
            {
                var path = key.Split('.');
                if (path.Length > DepthMax)
                {
                    return Unreadable($"The parameter {key} lies too deep.");
                }

                path.Aggregate(root, (node, part) => node.Child(part)).Text = values.ToString();
            }
        }
        catch (InvalidDataException malformed)
        {
            return Unreadable($"The form could not be read: {malformed.Message}");
        }

        return ToValue(root) as DataObject ?? DataObject.Empty;
    }

    private static DataValue Read(CborReader reader, int depth, ref int left)
    {
        if (depth > DepthMax || --left < 0)
        {
            throw new FormatException("The body lies too deep, or has too many parts.");
        }

        switch (reader.PeekState())
        {
            case CborReaderState.TextString or CborReaderState.StartIndefiniteLengthTextString:
                return reader.ReadTextString();
            case CborReaderState.UnsignedInteger:
                return (double)reader.ReadUInt64();
            case CborReaderState.NegativeInteger:
                return (double)reader.ReadInt64();
            case CborReaderState.HalfPrecisionFloat or CborReaderState.SinglePrecisionFloat
                or CborReaderState.DoublePrecisionFloat:
                return Finite(reader.ReadDouble());
            case CborReaderState.Boolean:
                return reader.ReadBoolean();
            case CborReaderState.Null:
                reader.ReadNull();
                return DataNull.Value;
            case CborReaderState.Tag:
                reader.ReadTag();
                return Read(reader, depth + 1, ref left);
            case CborReaderState.StartArray:
                var items = new List<DataValue>();
                reader.ReadStartArray();
                while (reader.PeekState() != CborReaderState.EndArray)
                {
                    items.Add(Read(reader, depth + 1, ref left));
                }

                reader.ReadEndArray();
                return new DataArray(items);
            case CborReaderState.StartMap:
                var members = new OrderedDictionary<string, DataValue>(StringComparer.Ordinal);
                reader.ReadStartMap();
                while (reader.PeekState() != CborReaderState.EndMap)
                {
                    var name = reader.ReadTextString();
                    members[name] = Read(reader, depth + 1, ref left);
                }

                reader.ReadEndMap();
                return new DataObject(members);
            default:
                throw new FormatException("A kind of value that no parameter has.");
        }
    }

    /// <summary>What is no number is as if it was not a number but text, which is refused where a number is.</summary>
    private static DataValue Finite(double number) =>
        double.IsFinite(number) ? number : number.ToString(CultureInfo.InvariantCulture);

    private static DataValue ToValue(Node node)
    {
        if (node.Children.Count == 0)
        {
            return node.Text ?? "";
        }

        if (node.Children.TryGetValue("member", out var list) && node.Children.Count == 1)
        {
            return new DataArray([.. list.Children
                .Where(child => int.TryParse(child.Key, NumberStyles.None, CultureInfo.InvariantCulture, out _))
                .OrderBy(child => int.Parse(child.Key, CultureInfo.InvariantCulture))
                .Select(child => ToValue(child.Value))]);
        }

        var members = new OrderedDictionary<string, DataValue>(StringComparer.Ordinal);
        foreach (var (name, child) in node.Children)
        {
            members[name] = ToValue(child);
        }

        return new DataObject(members);
    }

    private static Error Unreadable(string message) => new(ErrorCode.RequestUnreadable, message);

    private sealed class Node
    {
        public Dictionary<string, Node> Children { get; } = new(StringComparer.Ordinal);

        public string? Text { get; set; }

        public Node Child(string name)
        {
            if (!Children.TryGetValue(name, out var child))
            {
                Children[name] = child = new Node();
            }

            return child;
        }
    }
}
