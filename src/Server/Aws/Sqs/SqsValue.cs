namespace Lambent.Server.Aws.Sqs;

/// <summary>An output, apart from how a protocol writes it.</summary>
internal abstract record SqsValue;

internal sealed record SqsText(string Value) : SqsValue;

internal sealed record SqsNumber(long Value) : SqsValue;

internal sealed record SqsFlag(bool Value) : SqsValue;

/// <summary>Members in order; those that are null were not set.</summary>
internal sealed record SqsStructure(params (string Name, SqsValue? Value)[] Members) : SqsValue
{
    public static readonly SqsStructure Empty = new();
}

/// <param name="ElementName">What the XML calls each item; it has no element around them.</param>
/// <param name="Items">In order.</param>
internal sealed record SqsList(string ElementName, IReadOnlyList<SqsValue> Items) : SqsValue
{
    /// <summary>Null for none: AWS leaves an empty list out.</summary>
    public static SqsList? OrNull(string elementName, IReadOnlyList<SqsValue> items) =>
        items.Count == 0 ? null : new SqsList(elementName, items);

    public static SqsList? OrNull(string elementName, IEnumerable<string> items) =>
        OrNull(elementName, [.. items.Select(item => new SqsText(item))]);
}

/// <param name="ElementName">What the XML calls each entry.</param>
/// <param name="KeyName">What it calls the key in it; the value is Value.</param>
/// <param name="Entries">In order.</param>
internal sealed record SqsMap(
    string ElementName, string KeyName, IReadOnlyList<KeyValuePair<string, SqsValue>> Entries) : SqsValue
{
    public static SqsMap? OrNull(string elementName, string keyName, IEnumerable<KeyValuePair<string, string>> entries)
    {
        KeyValuePair<string, SqsValue>[] values =
            [.. entries.Select(entry => KeyValuePair.Create<string, SqsValue>(entry.Key, new SqsText(entry.Value)))];
        return values.Length == 0 ? null : new SqsMap(elementName, keyName, values);
    }
}
