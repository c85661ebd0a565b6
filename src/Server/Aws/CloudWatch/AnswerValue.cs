namespace Lambent.Server.Aws.CloudWatch;

/// <summary>An answer before it is put into one of the three protocols.</summary>
internal abstract record AnswerValue
{
    public static implicit operator AnswerValue(string text) => new AnswerText(text);

    public static implicit operator AnswerValue(double number) => new AnswerNumber(number);

    public static implicit operator AnswerValue(DateTimeOffset time) => new AnswerTime(time);
}

internal sealed record AnswerText(string Value) : AnswerValue;

internal sealed record AnswerNumber(double Value) : AnswerValue;

internal sealed record AnswerTime(DateTimeOffset Value) : AnswerValue;

internal sealed record AnswerList(IReadOnlyList<AnswerValue> Items) : AnswerValue;

/// <summary>Names that a caller chose, with numbers.</summary>
internal sealed record AnswerMap(IReadOnlyList<KeyValuePair<string, double>> Entries) : AnswerValue;

/// <summary>Members that are null are left out.</summary>
internal sealed record AnswerStructure(params IReadOnlyList<(string Name, AnswerValue? Value)> Members) : AnswerValue;
